#!/usr/bin/env python3
"""Asks PostgreSQL, SQLite and MariaDB for the conditions of tests/expressions/conditions.txt, for many rows: with_mariadb.sh conditions.py.
A translation must have the value of the original: true, false or null."""
import itertools
import json
import os
import re
import sqlite3
import subprocess
import sys

here = os.path.dirname(os.path.abspath(__file__))
database, socket = "conditions", os.environ["MARIADB_SOCKET"]

COLUMNS = [("a", "integer"), ("b", "bigint"), ("n", "numeric(12,2)"), ("x", "numeric"), ("f", "double precision"), ("t", "text"),
           ("v", "character varying(20)"), ("e", "app.mood"), ("flag", "boolean"), ("d", "date"), ("ts", "timestamp"), ("tz", "timestamptz"),
           ("u", "uuid"), ("j", "jsonb"), ("list", "text[]"), ("raw", "bytea"), ("order", "integer")]
VALUES = {
    "a": ["0", "1", "-1", "2", "3", "-7", "5", "101"], "b": ["0", "5", "-5", "1"], "n": ["0", "1.50", "-1.50", "1", "10", "9.99"],
    "x": ["0", "-2", "10", "9", "0.1"], "f": ["0", "0.5", "-0.5", "1.5", "2.5"],
    "t": ["", " ", "a", "A", "b", "ab", "b c", "it's", "back\\slash", "a%bxc", "axbxc", "x@y", "abc", "abcd", "é", "É", "a\n", "[x]*?", " a "],
    "v": ["", "a", "b", "abc", "[x]*?yz", "ABC", " ", "x"], "e": ["ok", "Ok"], "flag": ["t", "f"],
    "d": ["2023-12-31", "2024-01-02", "1999-01-01"], "ts": ["2024-01-02 03:04:05", "2024-01-02 03:04:05.5", "2023-01-01 00:00:00"],
    "tz": ["2024-01-02 03:04:05+00", "2024-01-02 03:04:04.9+00"], "u": ["00000000-0000-0000-0000-00000000000a", "ffffffff-0000-0000-0000-000000000000"],
    "j": ['{"kind": "x"}', '{"kind": 1}', "{}"], "list": ["{}", "{a}", "{a,b}"], "raw": ["\\x00ff", "\\x", "\\x" + "61" * 20], "order": ["1", "-1"],
}


def psql(sql, name=database):
    result = subprocess.run(["psql", "-qXAt", "-v", "ON_ERROR_STOP=1", "-d", name, "-c", sql], capture_output=True, text=True)
    return result.stdout.rstrip("\n") if result.returncode == 0 else None


def mariadb(sql):
    command = ["mariadb", "--no-defaults", f"--socket={socket}", "-u", "root", "--default-character-set=utf8mb4", "-N", "--raw", "--force"]
    result = subprocess.run(command, input=sql, capture_output=True, text=True)
    return result.stdout, result.stderr


def conditions():
    """Returns the originals with their translations."""
    found, original = {}, None
    for line in open(f"{here}/../expressions/conditions.txt").read().splitlines():
        if line and not line.startswith(("#", " ")):
            original = line
        elif line.startswith("  "):
            dialect, sql = line[2:10].strip(), line[10:]
            if not sql.startswith("[commented"):
                found.setdefault(original, {})[dialect] = re.sub(r"( \[emulated: [^]]*\])+$", "", sql)
    return found


# Each value of each column with each value of one other column, the rest null or constant.
rows = []
for index in range(max(map(len, VALUES.values())) * 6):
    row = {}
    for at, (name, _) in enumerate(COLUMNS):
        values = [None, *VALUES[name]]
        row[name] = values[(index * (at % 3 + 1) + at + index // len(values)) % len(values)]
    rows.append(row)


def literal(value):
    return "NULL" if value is None else "'" + value.replace("'", "''") + "'"


psql(f"DROP DATABASE IF EXISTS {database}", "postgres")
psql(f"CREATE DATABASE {database} TEMPLATE template0 LOCALE 'C.UTF-8'", "postgres")
psql("CREATE SCHEMA app; CREATE TYPE app.mood AS ENUM ('ok', 'Ok'); CREATE TABLE app.t (id int, "
     + ", ".join(f'"{name}" {data_type}' for name, data_type in COLUMNS) + ")")
for at, row in enumerate(rows):
    psql(f"INSERT INTO app.t VALUES ({at}, {', '.join(literal(row[name]) for name, _ in COLUMNS)})")


def kept(name, value, dialect):
    """Returns a value as the dialect keeps it."""
    if value is None:
        return "NULL"
    if name == "flag":
        return "1" if value == "t" else "0"
    if name in ("a", "b", "order", "f"):
        return value
    if name == "list":
        value = json.dumps(value[1:-1].split(",") if value != "{}" else [])
    if name == "raw":
        return f"X'{value[2:]}'"
    if name == "tz" and dialect == "mariadb":
        value = value[:-3]
    if name == "n":
        value = f"{float(value):.2f}"
    return literal(value if dialect == "sqlite" else value.replace("\\", "\\\\"))


sqlite = sqlite3.connect(":memory:", isolation_level=None)
types = {"a": "INTEGER", "b": "INTEGER", "f": "REAL", "flag": "INTEGER", "raw": "BLOB", "order": "INTEGER"}
sqlite.execute("CREATE TABLE t (id INTEGER, " + ", ".join(f'"{name}" {types.get(name, "TEXT")}' for name, _ in COLUMNS) + ") STRICT")
own = {"a": "INT", "b": "BIGINT", "n": "DECIMAL(12,2)", "x": "VARCHAR(255)", "f": "DOUBLE", "t": "LONGTEXT", "v": "VARCHAR(20)", "e": "ENUM('ok', 'Ok')",
       "flag": "TINYINT(1)", "d": "DATE", "ts": "DATETIME(6)", "tz": "DATETIME(6)", "u": "CHAR(36)", "j": "JSON", "list": "JSON", "raw": "LONGBLOB", "order": "INT"}
script = ["CREATE DATABASE c; USE c;", "CREATE TABLE t (id INT, " + ", ".join(f"`{name}` {own[name]}" for name, _ in COLUMNS)
          + ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;"]
for at, row in enumerate(rows):
    sqlite.execute(f"INSERT INTO t VALUES ({at}, {', '.join(kept(name, row[name], 'sqlite') for name, _ in COLUMNS)})")
    script.append(f"INSERT INTO t VALUES ({at}, {', '.join(kept(name, row[name], 'mariadb') for name, _ in COLUMNS)});")
errors = mariadb("\n".join(script))[1]
if errors:
    sys.exit(errors)

failed = asked = 0
word = {"t": 1, "f": 0, "": None}
for original, translations in conditions().items():
    answer = psql(f"SELECT {original.split(' -- ')[0]} FROM app.t ORDER BY id")
    if answer is None:
        print(f"PostgreSQL does not take {original}")
        continue
    expected = [word[line] for line in answer.split("\n")]
    for dialect, sql in translations.items():
        if dialect == "sqlite":
            found = [None if value is None else int(bool(value)) for (value,) in sqlite.execute(f"SELECT {sql} FROM t ORDER BY id")]
        elif dialect == "mariadb":
            out, errors = mariadb(f"USE c; SELECT {sql} FROM t ORDER BY id;")
            if errors:
                failed += 1
                print(f"{dialect}: {sql}: {errors}")
                continue
            found = [None if line == "NULL" else int(float(line) != 0) for line in out.splitlines()]
        else:
            continue
        asked += 1
        wrong = [(at, one, other) for at, (one, other) in enumerate(itertools.zip_longest(expected, found)) if one != other]
        # SQLite's lower() and upper() know ASCII letters; a note says so.
        if dialect == "sqlite" and ("lower(" in sql or "upper(" in sql):
            wrong = [own for own in wrong if (rows[own[0]]["t"] or "").isascii()]
        if wrong:
            failed += 1
            at, one, other = wrong[0]
            names = {name: rows[at][name] for name, _ in COLUMNS if re.search(rf"[\"`]{name}[\"`]", sql)}
            print(f"{dialect}: {original}: {sql}: {len(wrong)} of {len(rows)} rows; {names}: {other} instead of {one}")
psql(f"DROP DATABASE {database}", "postgres")
print(f"{asked} translations asked for {len(rows)} rows, {failed} differ")
sys.exit(1 if failed else 0)
