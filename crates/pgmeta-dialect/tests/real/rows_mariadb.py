#!/usr/bin/env python3
"""Moves the rows of each schema of a corpus to MariaDB: with_mariadb.sh rows_mariadb.py CONVERT CORPUS. The server of PGHOST has the extension
installed. All rows must fit into the tables: their types, checks and unique keys. Foreign keys are off, because of the order of rows."""
import json
import os
import subprocess
import sys

convert, corpus = sys.argv[1:]
socket = os.environ["MARIADB_SOCKET"]


def psql(sql, database):
    result = subprocess.run(["psql", "-qXAt", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", sql], capture_output=True, text=True)
    return result.stdout.rstrip("\n") if result.returncode == 0 else None


def mariadb(sql, *options):
    command = ["mariadb", "--no-defaults", f"--socket={socket}", "-u", "root", "--default-character-set=utf8mb4", "-N", "--raw", "--force",
               "--binary-mode", *options]
    result = subprocess.run(command, input=sql, capture_output=True, text=True)
    return result.stdout, [line for line in result.stderr.splitlines() if line.startswith("ERROR")]


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def backquoted(name):
    # Names that end in blanks end in underscores.
    kept = name.rstrip(" ")
    name = kept + "_" * (len(name) - len(kept))
    return "`" + name.replace("`", "``") + "`"


def literal(text, data_type):
    if text is None:
        return "NULL"
    if data_type == "bytea":
        return f"X'{text}'"
    if data_type.startswith("bit("):
        return f"b'{text}'"
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


failed = tables = moved = 0
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
    output = json.loads(subprocess.run([convert, "mariadb", '{"prefix": true}'], input=snapshot, capture_output=True, text=True, check=True).stdout)
    kinds = {f"{own['schema']}.{own['name']}": "composite" for own in model.get("types", []) if "attributes" in own}
    domains = {f"{own['schema']}.{own['name']}": own["base_type"] for own in model.get("domains", [])}
    mark = "$$pgmeta$$"
    mariadb("DROP DATABASE IF EXISTS c; CREATE DATABASE c")
    mariadb(f"DELIMITER {mark}\n" + "".join(f"{own}\n{mark}\n" for own in output["statements"]), "-D", "c")
    names = set(mariadb("SELECT table_name FROM information_schema.tables WHERE table_schema = 'c' AND table_type = 'BASE TABLE'")[0].splitlines())
    inserts = []
    for table in model.get("tables", []):
        name = f"{table['schema']}_{table['name']}"
        columns = [own for own in table.get("columns", []) if "generated" not in own]
        if name not in names or not columns:
            continue
        tables += 1
        select = []
        for own in columns:
            base = own["data_type"]
            while base in domains:
                base = domains[base]
            own["base"] = base
            column = quoted(own["name"])
            if base.endswith("[]") or base in kinds or base.endswith(".hstore"):
                select.append(f"to_json({column})::text")
            elif base.startswith("timestamp") and base.endswith("with time zone"):
                select.append(f"({column} AT TIME ZONE 'UTC')::text")
            else:
                select.append({"boolean": f"{column}::int::text", "bytea": f"encode({column}, 'hex')", "money": f"{column}::numeric::text"}.get(base, f"{column}::text"))
        only = "" if "partition_by" in table else "ONLY "
        text = psql(f"SELECT coalesce(json_agg(whole), '[]') FROM (SELECT json_build_array({', '.join(select)}) AS whole "
                    f"FROM {only}{quoted(table['schema'])}.{quoted(table['name'])}) AS every", schema)
        all_columns = ", ".join(backquoted(own["name"]) for own in columns)
        for row in json.loads(text or "[]"):
            moved += 1
            values = ", ".join(literal(value, own["base"]) for own, value in zip(columns, row))
            inserts.append(f"INSERT INTO {backquoted(name)} ({all_columns}) VALUES ({values})\n{mark}\n")
    # A number that is given is not replaced, also not 0.
    errors = mariadb(f"DELIMITER {mark}\nSET FOREIGN_KEY_CHECKS = 0\n{mark}\nSET SESSION sql_mode = CONCAT(@@sql_mode, ',NO_AUTO_VALUE_ON_ZERO')\n{mark}\n"
                     + "".join(inserts), "-D", "c")[1]
    failed += len(errors)
    for line in errors[:5]:
        print(f"{schema}: {line[:500]}")
    psql(f'DROP DATABASE "{schema}"', "postgres")
print(f"{moved} rows of {tables} tables moved, {failed} errors")
sys.exit(1 if failed else 0)
