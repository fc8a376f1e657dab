#!/usr/bin/env python3
"""Runs the examples of the documents; started by check_docs.sh, which says what it is for."""

import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
# A line that stands for any number of lines.
ANY = "…"
# The folder on the server that examples write to; it becomes one of the throwaway server's own.
SERVER_FOLDER = "/srv/shop"
PAGES = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "RELEASE.md", *sorted(
    str(path.relative_to(REPO)) for path in (REPO / "docs").glob("*.md"))]

FILES = subprocess.run(["git", "-C", str(REPO), "ls-files", "--cached", "--others", "--exclude-standard"], check=True,
                       capture_output=True, text=True).stdout.split("\n")


class Block:
    """A fenced block: its language, its options, its lines and where they are."""

    def __init__(self, info, start):
        words = info.split()
        self.language = words[0] if words else ""
        self.options = words[1:]
        self.start = start
        self.end = start
        self.lines = []


def blocks(text):
    """Returns the fenced blocks of a page, with what stands between two of them."""
    found, current, between = [], None, []
    for number, line in enumerate(text.split("\n")):
        if current is None and line.startswith("```"):
            current = Block(line[3:], number + 1)
            current.follows = not "".join(between).strip()
        elif current is not None and line == "```":
            current.end = number
            found.append(current)
            current, between = None, []
        elif current is not None:
            current.lines.append(line)
        else:
            between.append(line)
    return found


def matches(expected, actual):
    """Returns whether the lines are equal, ANY standing for any lines."""
    if ANY not in expected:
        return expected == actual
    at = expected.index(ANY)
    head, rest = expected[:at], expected[at + 1:]
    if actual[:at] != head:
        return False
    return any(matches(rest, actual[i:]) for i in range(at, len(actual) + 1))


def shortened(expected, actual):
    """Returns the new lines, left out where the old ones were: as many at both ends as were shown there."""
    if ANY not in expected:
        return actual
    head = expected.index(ANY)
    tail = expected[::-1].index(ANY)
    return actual[:head] + [ANY] + (actual[-tail:] if tail else [])


class Server:
    """The throwaway server: a fresh copy of the sample database for every page."""

    def __init__(self):
        self.base = os.environ["PGMETA_SERVER_DIR"]
        self.template = "docs_template"
        self.sql("postgres", f"DROP DATABASE IF EXISTS {self.template}", f"CREATE DATABASE {self.template}")
        self.run(["psql", "-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", "-d", self.template,
                  "-f", REPO / "tests/fixtures/sample_app.sql"])
        self.sql(self.template, "CREATE EXTENSION pgmeta")

    @staticmethod
    def run(command):
        subprocess.run([str(word) for word in command], check=True)

    def sql(self, database, *statements):
        commands = [word for statement in statements for word in ("-c", statement)]
        self.run(["psql", "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", "-d", database,
                  "-c", "SET client_min_messages = warning", *commands])

    def fresh(self):
        shutil.rmtree(Path(self.base) / "srv", ignore_errors=True)
        # A storage of archives must be there before, and the server is another user.
        for folder in ("srv", "srv/shop"):
            (Path(self.base) / folder).mkdir()
            (Path(self.base) / folder).chmod(0o777)
        self.sql("postgres", "DROP DATABASE IF EXISTS shop", f"CREATE DATABASE shop TEMPLATE {self.template}")

    def functions(self):
        query = "SELECT DISTINCT p.proname FROM pg_proc p JOIN pg_depend d ON d.objid = p.oid AND d.deptype = 'e' " \
                "JOIN pg_extension e ON e.oid = d.refobjid WHERE e.extname = 'pgmeta' AND p.proname !~ '^_' ORDER BY 1"
        return subprocess.run(["psql", "-X", "-At", "-d", self.template, "-c", query], check=True,
                              capture_output=True, text=True).stdout.split()

    def lists(self):
        query = "SELECT k FROM jsonb_each(pgmeta_snapshot_schema() -> 'properties') AS p(k, v) WHERE v ->> 'type' = 'array'"
        return subprocess.run(["psql", "-X", "-At", "-d", self.template, "-c", query], check=True,
                              capture_output=True, text=True).stdout.split()

    def options(self):
        query = "DO $$ BEGIN PERFORM pgmeta_export(options => '{\"no such option\": 1}'); END $$"
        message = subprocess.run(["psql", "-X", "-d", self.template, "-c", query], capture_output=True, text=True).stderr
        return re.findall(r"`(\w+)`", message.split("expected", 1)[-1])


def run(block, folder, server):
    """Runs an example and returns its lines."""
    environment = dict(os.environ, PGDATABASE="shop", LC_ALL="C.UTF-8", PSQL_PAGER="cat")
    code = "\n".join(block.lines) + "\n"
    if block.language == "sql":
        command = ["psql", "-X", "-q", "-v", "VERBOSITY=default", *block.options]
    else:
        command = ["bash", "-eu", "-o", "pipefail", "-s"]
    real = str(Path(server.base) / "srv/shop")
    code = code.replace(SERVER_FOLDER, real)
    result = subprocess.run(command, input=code, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                            cwd=folder, env=environment, errors="replace")
    output = result.stdout.replace(real, SERVER_FOLDER)
    lines = [line.rstrip() for line in output.split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    return lines, result.returncode


def check_examples(page, server, accept):
    """Runs the examples of a page; returns what is wrong."""
    path = REPO / page
    text = path.read_text()
    found = blocks(text)
    runnable = [(block, found[i + 1] if i + 1 < len(found) else None) for i, block in enumerate(found)
                if block.language in ("sql", "sh")]
    wrong, changes = [], []
    if not any(block.language == "sql" or shown(block, after) for block, after in runnable):
        return wrong
    server.fresh()
    with tempfile.TemporaryDirectory(prefix="pgmeta-docs.") as folder:
        for name in ("sql", "tests"):
            os.symlink(REPO / name, Path(folder) / name)
        for block, after in runnable:
            expected = after if shown(block, after) else None
            if block.language == "sh" and expected is None:
                continue
            actual, status = run(block, folder, server)
            failed = status != 0 or any(re.match(r"(psql:.*: )?(ERROR|FATAL):", line) for line in actual)
            if expected is None:
                if failed:
                    wrong.append(f"{page}:{block.start}: the example fails:\n" + "\n".join(actual))
            elif not matches(expected.lines, actual):
                if accept:
                    changes.append((expected, shortened(expected.lines, actual)))
                    if ANY in expected.lines:
                        print(f"{page}:{expected.start}: shortened as before; please look at it", file=sys.stderr)
                else:
                    difference = difflib.unified_diff(expected.lines, actual, "shown", "real", lineterm="", n=2)
                    wrong.append(f"{page}:{expected.start}: the output differs\n" + "\n".join(difference))
    lines = text.split("\n")
    for block, new in sorted(changes, key=lambda change: -change[0].start):
        lines[block.start:block.end] = new
    if changes:
        path.write_text("\n".join(lines))
        print(f"{page}: {len(changes)} outputs written", file=sys.stderr)
    return wrong


def shown(block, after):
    """Returns whether the block after an example is its output."""
    return after is not None and after.language == "text" and after.follows


def slug(heading):
    """Returns the anchor that GitHub gives a heading."""
    heading = re.sub(r"[`*]", "", heading.strip().lower())
    return re.sub(r"[^\w\- ]", "", heading).replace(" ", "-")


def check_links(page):
    """Looks for links to files and headings that do not exist, and for file names that do not."""
    text = (REPO / page).read_text()
    plain = re.sub(r"```.*?\n```", "", text, flags=re.S)
    wrong = []
    for target in re.findall(r"\]\(([^)\s]+)\)", plain):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        path = (REPO / page).parent / file if file else REPO / page
        if not path.exists():
            wrong.append(f"{page}: the link {target} leads nowhere")
        elif anchor:
            headings = re.findall(r"^#+ (.*)$", re.sub(r"```.*?\n```", "", path.read_text(), flags=re.S), flags=re.M)
            if anchor not in map(slug, headings):
                wrong.append(f"{page}: {path.name} has no heading #{anchor}")
    # `dir/file.ext`, `dir/`: names of this repository, unless they begin with the name of an example's folder.
    if page in ("ARCHITECTURE.md", "CONTRIBUTING.md", "docs/development.md", "RELEASE.md"):
        for name in re.findall(r"`((?:\.?[\w*<>{},-]+/)+[\w.*<>{},-]*|[\w-]+\.(?:rs|sh|sql|md|toml))`", plain):
            # Placeholders, and folders of others.
            if re.search(r"[<>*{]|[A-Z]{3}|^usr/", name):
                continue
            if not any(f"/{file}".endswith(f"/{name}") or f"/{name}" in f"/{file}" for file in FILES):
                wrong.append(f"{page}: there is no {name}")
    return wrong


def main():
    accept = "--accept" in sys.argv
    chosen = [str(Path(name).resolve().relative_to(REPO)) for name in sys.argv[1:] if not name.startswith("--")]
    pages = chosen or [page for page in PAGES if (REPO / page).exists()]
    server = Server()
    wrong, count = [], 0
    for page in pages:
        found = check_examples(page, server, accept) + check_links(page)
        count += 1
        print(f"{'not ok' if found else 'ok'} {count} - {page}")
        wrong += found
    if not chosen:
        before = len(wrong)
        docs = "\n".join((REPO / page).read_text() for page in pages)
        for name in server.functions():
            if not re.search(rf"^## {name}$", docs, flags=re.M):
                wrong.append(f"{name} has no entry")
        options = server.options()
        known = re.findall(r"^\| `(\w+)` \|", (REPO / "docs/options.md").read_text(), flags=re.M)
        if not options or set(options) != set(known):
            wrong.append(f"docs/options.md has {sorted(known)}, the server knows {sorted(options)}")
        known = re.findall(r"^\| `(\w+)` \|", (REPO / "docs/json-model.md").read_text(), flags=re.M)
        lists = server.lists()
        if not lists or set(lists) - set(known):
            wrong.append(f"docs/json-model.md has no entry for {sorted(set(lists) - set(known))}")
        print(f"{'ok' if len(wrong) == before else 'not ok'} {count + 1} - entries of functions and options")
    print("\n".join(wrong))
    sys.exit(1 if wrong else 0)


main()
