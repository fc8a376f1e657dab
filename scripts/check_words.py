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
SCRIPT = re.compile(r"^(scripts|benches)/.*\.sh$|^\.ci/run$")


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


def masked(code):
    """Returns what stands for code, of the same length."""
    return "·" * len(code.group())


def paragraphs(lines):
    """Joins texts of consecutive lines; yields (number of the first line, text). None ends a paragraph."""
    start, texts = 1, []
    for number, text in enumerate([*lines, None], 1):
        if text is not None:
            start = start if texts else number
            texts.append(text)
        elif texts:
            yield start, "\n".join(texts)
            texts = []


def prose_of_document(text):
    """Yields paragraphs as (line, text): without examples and code."""
    lines, is_code = [], False
    for line in text.split("\n"):
        fence = line.startswith("```")
        is_code ^= fence
        is_prose = line.strip() and not fence and not is_code
        lines.append(re.sub(r"`[^`]*`|\]\([^)]*\)|\"[^\"]*\"", masked, line) if is_prose else None)
    return paragraphs(lines)


def prose_of_source(text, mark):
    """Yields comments as (line, text), those of consecutive lines joined."""
    lines, beside = [], []
    for number, line in enumerate(text.split("\n"), 1):
        stripped = line.strip()
        is_comment = stripped.startswith(mark)
        lines.append(re.sub(r"`[^`]*`", masked, stripped.lstrip(mark[0]).lstrip("!")) if is_comment else None)
        # A comment behind code.
        if not is_comment and f" {mark} " in line and line.count('"') % 2 == 0:
            beside.append((number, line.split(f" {mark} ", 1)[1]))
    return [*paragraphs(lines), *beside]


def prose(name, path):
    """Yields the prose of a file as (line, text); none of files that are neither documents nor sources."""
    if DOCUMENTS.match(name):
        return prose_of_document(path.read_text())
    for kind, mark in [(RUST, "//"), (SQL, "--"), (SCRIPT, "#")]:
        if kind.match(name):
            return prose_of_source(path.read_text(), mark)
    return []


def main():
    wanted = sys.argv[1:]
    files = subprocess.run(["git", "-C", str(REPO), "ls-files", "--cached", "--others", "--exclude-standard"], check=True,
                           capture_output=True, text=True).stdout.split("\n")
    rejected, count = phrases(), 0
    for name in files:
        if IGNORED.match(name) or wanted and not any(name.startswith(prefix) for prefix in wanted):
            continue
        if not (REPO / name).is_file():
            continue
        for line, text in prose(name, REPO / name):
            flat = text.replace("\n", " ")
            for phrase, suggestion in rejected:
                for hit in phrase.finditer(flat):
                    at = line + text[:hit.start()].count("\n")
                    print(f"{name}:{at}: \"{hit.group()}\": write {suggestion}")
                    count += 1
    sys.exit(f"{count} phrases that scripts/rejected_phrases.txt rejects" if count else 0)


main()
