#!/usr/bin/env python3
"""Runs the statements of conversions on MariaDB: with_mariadb.sh run_mariadb.py OUTPUT.json... Each file is what the example
`convert mariadb` prints."""
import json
import os
import subprocess
import sys

socket = os.environ["MARIADB_SOCKET"]
client = ["mariadb", "--no-defaults", f"--socket={socket}", "-u", "root", "--default-character-set=utf8mb4"]
failed = total = 0


def run(text, *options):
    return subprocess.run([*client, *options], input=text, capture_output=True, text=True)


for path in sys.argv[1:]:
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
    lines = text.split("\n")
    for line in errors:
        # A missing table has an error of its own.
        if "1146" not in line or "doesn't exist" not in line:
            at = int(line.split("at line ")[1].split(":")[0])
            print(f"{path}: {line}\n    {lines[at - 1][:300]}")
    run("DROP DATABASE t; CREATE DATABASE t")
    # With the option drop, the script can run again.
    again = any(own.startswith("DROP ") for own in statements)
    script = run(output["sql"] * (2 if again else 1), "-D", "t", "--force")
    if script.stderr:
        failed += 1
        print(f"{path}: the script: {[line for line in script.stderr.splitlines() if line.startswith('ERROR')][:1]}")
    views = run("SELECT table_name FROM information_schema.views WHERE table_schema = 't'", "-N", "-D", "t", "--raw").stdout.splitlines()
    for view in views:
        quoted = "`" + view.replace("`", "``") + "`"
        result = run(f"SELECT * FROM {quoted}", "-D", "t")
        if result.returncode:
            failed += 1
            print(f"{path}: view {view}: {result.stderr}")
version = run("SELECT version()", "-N").stdout.strip()
print(f"MariaDB {version}: {len(sys.argv) - 1} schemas, {total} statements, {failed} failures")
sys.exit(1 if failed else 0)
