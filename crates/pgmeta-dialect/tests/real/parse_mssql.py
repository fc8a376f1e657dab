#!/usr/bin/env python3
"""Parses the statements of conversions as T-SQL: parse_mssql.py OUTPUT.json... Needs sqlfluff. Each file is what the example `convert mssql`
prints. Statements that name the same objects are parsed once."""
import json
import re
import sys

from sqlfluff.core import FluffConfig, Linter

linter = Linter(config=FluffConfig(overrides={"dialect": "tsql"}))
seen, failed, total = set(), 0, 0
for path in sys.argv[1:]:
    output = json.load(open(path))
    for statement in output["statements"]:
        total += 1
        # The shape of a statement: names and numbers do not matter to a parser.
        shape = re.sub(r"\d+", "0", re.sub(r"\[[^\]]*\]", "[x]", statement))
        if shape in seen:
            continue
        seen.add(shape)
        parsed = linter.parse_string(statement + "\n")
        errors = [own for own in parsed.violations]
        if errors or (parsed.tree and "unparsable" in parsed.tree.type_set()):
            failed += 1
            print(f"{path}: {[str(own.desc())[:200] for own in errors]}\n    {statement[:1500]}")
print(f"sqlfluff: {len(sys.argv) - 1} schemas, {total} statements ({len(seen)} shapes), {failed} failures")
sys.exit(1 if failed else 0)
