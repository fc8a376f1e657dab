#!/usr/bin/env python3
"""Runs the statements of conversions on MariaDB: run_mariadb.py SOCKET OUTPUT.json... Uses the program `mariadb`, a file at a time."""
import json
import subprocess
import sys

socket = sys.argv[1]
client = ["mariadb", "--no-defaults", f"--socket={socket}", "-u", "root", "--default-character-set=utf8mb4"]
failed = total = 0


def run(text, *options):
    return subprocess.run([*client, *options], input=text, capture_output=True, text=True)


for path in sys.argv[2:]:
    output = json.load(open(path))
    # Each statement with a delimiter that no statement has: the client splits at it only.
    mark = "$$pgmeta$$"
    run("DROP DATABASE IF EXISTS t; CREATE DATABASE t")
    statements = output["statements"]
    text = f"DELIMITER {mark}\n" + "".join(f"{own}\n{mark}\n" for own in statements)
    result = run(text, "-D", "t", "--force", "--binary-mode")
    total += len(statements)
    errors = [line for line in result.stderr.splitlines() if line.startswith("ERROR")]
    failed += len(errors)
    for line in errors:
        print(f"{path}: {line}")
    run("DROP DATABASE t; CREATE DATABASE t")
    script = run(output["sql"], "-D", "t", "--force")
    if script.stderr:
        failed += 1
        print(f"{path}: the script: {script.stderr[:500]}")
    views = run("SELECT table_name FROM information_schema.views WHERE table_schema = 't'", "-N", "-D", "t", "--raw").stdout.splitlines()
    for view in views:
        quoted = "`" + view.replace("`", "``") + "`"
        result = run(f"SELECT * FROM {quoted}", "-D", "t")
        if result.returncode:
            failed += 1
            print(f"{path}: view {view}: {result.stderr}")
version = run("SELECT version()", "-N").stdout.strip()
print(f"MariaDB {version}: {len(sys.argv) - 2} schemas, {total} statements, {failed} failures")
sys.exit(1 if failed else 0)
