#!/usr/bin/env python3
"""Finds phrases that readers must decode, in documents and comments; scripts/rejected_phrases.txt lists them with what to write instead."""

import re
import subprocess
import sys
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
PHRASES = REPO / "scripts/rejected_phrases.txt"
# Released files never change; a test writes plan-matrix.md.
IGNORED = re.compile(r"^sql/pgmeta--0\.1\.0\.sql$|^docs/plan-matrix\.md$")
DOCUMENTS = re.compile(r"^(docs/.*|README|ARCHITECTURE|CONTRIBUTING|CHANGELOG|SECURITY|RELEASE)\.md$|^docs/.*\.md$")
RUST = re.compile(r"^(crates|src|tests|benches|fuzz)/.*\.rs$")
SQL = re.compile(r"^(sql|src)/.*\.sql$")


def phrases():
    """Returns the phrases as regular expressions, each with its suggestion."""
    found = []
    for line in PHRASES.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            phrase, _, suggestion = line.partition(" => ")
            if not suggestion:
                sys.exit(f"{PHRASES.name}: no suggestion in: {line}")
            found.append((re.compile(rf"\b{phrase.strip()}\b", re.IGNORECASE), suggestion.strip()))
    return found


def prose_of_document(text):
    """Yields paragraphs as (line, text): without examples and code."""
    is_code, start, lines = False, 1, []
    for number, line in enumerate(text.split("\n") + [""], 1):
        if line.startswith("```"):
            is_code = not is_code
        if is_code or line.startswith("```") or not line.strip():
            if lines:
                yield start, "\n".join(lines)
            lines = []
        else:
            if not lines:
                start = number
            lines.append(re.sub(r"`[^`]*`|\]\([^)]*\)|\"[^\"]*\"", lambda code: "·" * len(code.group()), line))


def prose_of_source(text, mark):
    """Yields comments as (line, text), those of consecutive lines joined."""
    start, lines = 1, []
    for number, line in enumerate(text.split("\n") + [""], 1):
        stripped = line.strip()
        comment = None
        if stripped.startswith(mark):
            comment = stripped.lstrip(mark[0]).lstrip("!")
        elif f" {mark} " in line and line.count('"') % 2 == 0:
            if lines:
                yield start, "\n".join(lines)
            yield number, line.split(f" {mark} ", 1)[1]
            lines = []
            continue
        if comment is None:
            if lines:
                yield start, "\n".join(lines)
            lines = []
        else:
            if not lines:
                start = number
            lines.append(re.sub(r"`[^`]*`", lambda code: "·" * len(code.group()), comment))


def prose(name, text):
    if DOCUMENTS.match(name):
        return prose_of_document(text)
    if RUST.match(name):
        return prose_of_source(text, "//")
    if SQL.match(name):
        return prose_of_source(text, "--")
    return []


def main():
    wanted = sys.argv[1:]
    files = subprocess.run(["git", "-C", str(REPO), "ls-files", "--cached", "--others", "--exclude-standard"], check=True,
                           capture_output=True, text=True).stdout.split("\n")
    rejected, count = phrases(), 0
    for name in files:
        if IGNORED.match(name) or wanted and not any(name.startswith(prefix) for prefix in wanted):
            continue
        if not (DOCUMENTS.match(name) or RUST.match(name) or SQL.match(name)) or not (REPO / name).exists():
            continue
        for line, text in prose(name, (REPO / name).read_text()):
            flat = text.replace("\n", " ")
            for phrase, suggestion in rejected:
                for hit in phrase.finditer(flat):
                    at = line + text[:hit.start()].count("\n")
                    print(f"{name}:{at}: \"{hit.group()}\": write {suggestion}")
                    count += 1
    sys.exit(f"{count} phrases that scripts/rejected_phrases.txt rejects" if count else 0)


main()
