#!/usr/bin/env python3
"""Runs the statements of conversions on SQLite: run_sqlite.py OUTPUT.json... Each file is what the example `convert sqlite` prints."""
import json
import sqlite3
import sys

failed = total = 0
for path in sys.argv[1:]:
    output = json.load(open(path))
    for text in ("statements", "script"):
        database = sqlite3.connect(":memory:", isolation_level=None)
        database.execute("PRAGMA foreign_keys = ON")
        if text == "script":
            try:
                database.executescript(output["sql"])
                # With the option drop, the script can run again.
                if any(own.startswith("DROP ") for own in output["statements"]):
                    database.executescript(output["sql"])
            except sqlite3.Error as error:
                failed += 1
                print(f"{path}: the script: {error}")
            continue
        for statement in output["statements"]:
            total += 1
            try:
                database.execute(statement)
            except sqlite3.Error as error:
                failed += 1
                print(f"{path}: {error}\n    {statement[:3000]}")
        # A foreign key without the key that it refers to is an error of the first write only.
        for (table,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").fetchall():
            quoted = '"' + table.replace('"', '""') + '"'
            try:
                database.execute(f"DELETE FROM {quoted}")
                database.execute(f"PRAGMA foreign_key_check({quoted})").fetchall()
            except sqlite3.Error as error:
                failed += 1
                print(f"{path}: {table}: {error}")
        for (view,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'view'").fetchall():
            quoted = '"' + view.replace('"', '""') + '"'
            try:
                database.execute(f"SELECT * FROM {quoted}").fetchall()
            except sqlite3.Error as error:
                failed += 1
                print(f"{path}: view {view}: {error}")
print(f"SQLite {sqlite3.sqlite_version}: {len(sys.argv) - 1} schemas, {total} statements, {failed} failures")
sys.exit(1 if failed else 0)
