#!/usr/bin/env python3
"""Moves the rows of each schema of a corpus to SQLite, and compares what the views return: views.py CONVERT CORPUS. The server of PGHOST has
the extension installed. All rows must fit into the tables: no check may be stricter than PostgreSQL's."""
import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter

convert, corpus = sys.argv[1:]


def psql(sql, database, *options):
    result = subprocess.run(["psql", "-qXAt", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", sql, *options], capture_output=True, text=True)
    return result.stdout.rstrip("\n") if result.returncode == 0 else None


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def out(name, data_type, kinds):
    """Returns the SQL of PostgreSQL that makes the text for SQLite of a value."""
    column = quoted(name)
    base, domain = data_type, kinds.get(data_type)
    while domain and domain.startswith("domain "):
        base = domain[7:]
        domain = kinds.get(base)
    if base.endswith("[]") or kinds.get(base) == "composite" or base.endswith(".hstore"):
        return f"to_json({column})::text"
    return {"boolean": f"{column}::int::text", "bytea": f"'\\x' || encode({column}, 'hex')", "money": f"{column}::numeric::text"}.get(
        base, f"({column} AT TIME ZONE 'UTC')::text || '+00'" if base.startswith("timestamp") and base.endswith("with time zone") else f"{column}::text")


def number(text):
    """Returns a text in one form, if it is a number."""
    try:
        return repr(float(text)) if text is not None else None
    except ValueError:
        return text


failed = tables = moved = views = filled = 0
for schema in sorted(os.listdir(corpus)):
    folder = f"{corpus}/{schema}"
    if not os.path.isdir(folder):
        continue
    psql(f'CREATE DATABASE "{schema}" TEMPLATE template0', "postgres")
    subprocess.run(["psql", "-qX", "-d", schema, "-f", f"{folder}/prelude.sql", "-f", f"{folder}/schema.sql"], capture_output=True)
    subprocess.run(["psql", "-qX", "-d", schema, "-c", "SET session_replication_role = replica", "-c", "CREATE SCHEMA pgmeta_test",
                    "-c", "CREATE EXTENSION pgmeta SCHEMA pgmeta_test"], capture_output=True)
    snapshot = psql("SELECT pgmeta_test.pgmeta_snapshot()", schema)
    model = json.loads(snapshot)
    output = json.loads(subprocess.run([convert, "sqlite", '{"prefix": true}'], input=snapshot, capture_output=True, text=True, check=True).stdout)
    kinds = {f"{own['schema']}.{own['name']}": "composite" for own in model.get("types", []) if "attributes" in own}
    kinds |= {f"{own['schema']}.{own['name']}": "domain " + own["base_type"] for own in model.get("domains", [])}
    database = sqlite3.connect(":memory:", isolation_level=None)
    for statement in output["statements"]:
        database.execute(statement)
    names = {name for (name,) in database.execute("SELECT name FROM sqlite_schema")}

    def rows(relation, columns):
        select = ", ".join(f"{out(own['name'], own['data_type'], kinds)}" for own in columns)
        text = psql(f"SELECT coalesce(json_agg(whole), '[]') FROM (SELECT json_build_array({select}) AS whole FROM {relation}) AS every", schema)
        return None if text is None else json.loads(text)

    for table in model.get("tables", []):
        name = f"{table['schema']}_{table['name']}"
        columns = [own for own in table.get("columns", []) if "generated" not in own]
        if name not in names or not columns:
            continue
        all_columns = ", ".join(quoted(own["name"]) for own in columns)
        found = rows(f"{'ONLY ' if 'partition_by' not in table else ''}{quoted(table['schema'])}.{quoted(table['name'])}", columns)
        tables += 1
        for row in found or []:
            moved += 1
            row = [bytes.fromhex(text[2:]) if own["data_type"] == "bytea" and text is not None else text for own, text in zip(columns, row)]
            try:
                database.execute(f"INSERT INTO {quoted(name)} ({all_columns}) VALUES ({', '.join('?' * len(row))})", row)
            except sqlite3.Error as error:
                failed += 1
                print(f"{schema}: {name}: {error}: {row}")
    for view in model.get("views", []):
        name = f"{view['schema']}_{view['name']}"
        if name not in names:
            continue
        expected = rows(f"{quoted(view['schema'])}.{quoted(view['name'])}", view["columns"])
        if expected is None:
            print(f"{schema}: {name}: PostgreSQL does not return its rows")
            continue
        views += 1
        filled += bool(expected)
        found = database.execute(f"SELECT * FROM {quoted(name)}").fetchall()
        as_text = {bytes: lambda value: "\\x" + value.hex(), float: repr, type(None): lambda value: None}
        found = [[as_text.get(type(value), str)(value) for value in row] for row in found]
        one, other = (Counter(tuple(map(number, row)) for row in rows_of) for rows_of in (expected, found))
        if one != other:
            failed += 1
            print(f"{schema}: {name}: PostgreSQL has {list((one - other).items())[:3]}, SQLite {list((other - one).items())[:3]}")
    psql(f'DROP DATABASE "{schema}"', "postgres")
print(f"{moved} rows of {tables} tables moved, {views} views compared ({filled} with rows), {failed} differences")
sys.exit(1 if failed else 0)
