#!/usr/bin/env python3
"""Moves the rows of rows.sql to another database and back, and compares: rows.py CONVERT sqlite | with_mariadb.sh rows.py CONVERT mariadb.
CONVERT is the example `convert`. The server of PGHOST has the extension installed."""
import json
import os
import sqlite3
import subprocess
import sys

convert, dialect = sys.argv[1:]
socket = [os.environ.get("MARIADB_SOCKET")]
here = os.path.dirname(os.path.abspath(__file__))
DATABASE = f"rows_{dialect}"
TABLES = ["owners", "things"]


def psql(sql, database=DATABASE, stdin=None):
    command = ["psql", "-qXAt", "-v", "ON_ERROR_STOP=1", "-d", database]
    result = subprocess.run([*command, *(["-c", sql] if sql else [])], input=stdin, capture_output=True, text=True)
    if result.returncode:
        sys.exit(f"{result.stderr}\n{sql}")
    return result.stdout.rstrip("\n")


def mariadb(sql):
    command = ["mariadb", "--no-defaults", f"--socket={socket[0]}", "-u", "root", "--default-character-set=utf8mb4", "-N", "--raw", "--binary-mode"]
    result = subprocess.run(command, input=sql, capture_output=True, text=True)
    if result.returncode:
        sys.exit(f"{result.stderr}\n{sql[:2000]}")
    return result.stdout


def kind(data_type):
    """Returns how values of a type are kept."""
    if data_type.endswith("[]"):
        return "array"
    return {"boolean": "boolean", "bytea": "bytes", "money": "money", "app.pair": "composite", "bit(3)": "bits",
            "timestamp with time zone": "timestamptz"}.get(data_type, "text")


def out(column, data_type):
    """Returns the SQL of PostgreSQL that makes the text for the other database of a value."""
    own = {
        "array": f"to_json({column})::text",
        "composite": f"to_json({column})::text",
        "boolean": f"{column}::int::text",
        "bytes": f"encode({column}, 'hex')",
        "money": f"{column}::numeric::text",
        "timestamptz": f"({column} AT TIME ZONE 'UTC')::text" + (" || '+00'" if dialect == "sqlite" else ""),
    }
    return own.get(kind(data_type), f"{column}::text")


def back(text, data_type):
    """Returns the SQL of PostgreSQL that makes the value of a text from the other database."""
    if text is None:
        return "NULL"
    literal = "'" + text.replace("'", "''") + "'"
    element = data_type[:-2]
    own = {
        "array": f"ARRAY(SELECT x::{element} FROM jsonb_array_elements_text({literal}) WITH ORDINALITY AS e(x, o) ORDER BY o)::{data_type}",
        "composite": f"jsonb_populate_record(NULL::{data_type}, {literal})",
        "boolean": f"({literal})::int::boolean",
        "bytes": f"decode({literal}, 'hex')",
        "money": f"({literal})::numeric::money",
        "timestamptz": f"({literal}{'' if dialect == 'sqlite' else ' || ' + chr(39) + '+00' + chr(39)})::timestamptz",
    }
    return own.get(kind(data_type), f"({literal})::{data_type}")


os.environ["PGTZ"] = "America/New_York"
psql(f"DROP DATABASE IF EXISTS {DATABASE}", "postgres")
psql(f"CREATE DATABASE {DATABASE} TEMPLATE template0", "postgres")
psql(None, stdin=open(f"{here}/rows.sql").read())
psql("CREATE SCHEMA meta; CREATE EXTENSION pgmeta SCHEMA meta")
snapshot = psql("SELECT meta.pgmeta_snapshot('app')")
options = json.dumps({"prefix": false})
output = json.loads(subprocess.run([convert, dialect, options], input=snapshot, capture_output=True, text=True, check=True).stdout)
print("\n".join(f"{own['path']}: {own['action']}: {own['detail']}" for own in output["losses"] if own["action"] != "emulated"))
columns = {own["name"]: [(column["name"], column["data_type"], "generated" in column) for column in own["columns"]]
           for own in json.loads(snapshot)["tables"]}

if dialect == "sqlite":
    database = sqlite3.connect(":memory:", isolation_level=None)
    database.execute("PRAGMA foreign_keys = ON")
    for statement in output["statements"]:
        database.execute(statement)
else:
    mariadb("DROP DATABASE IF EXISTS rows_test; CREATE DATABASE rows_test")
    mark = "$$pgmeta$$"
    mariadb(f"USE rows_test;\nDELIMITER {mark}\n" + "".join(f"{own}\n{mark}\n" for own in output["statements"]))

quote = '"' if dialect == "sqlite" else "`"
count = 0
for table in TABLES:
    plain = [(name, data_type) for name, data_type, generated in columns[table] if not generated]
    select = ", ".join(f"{out(name, data_type)} AS {name}" for name, data_type in plain)
    rows = json.loads(psql(f"SELECT coalesce(json_agg(whole), '[]') FROM (SELECT {select} FROM app.{table} ORDER BY 1) whole"))
    names = ", ".join(f"{quote}{name}{quote}" for name, _ in plain)
    for row in rows:
        count += 1
        values = []
        for name, data_type in plain:
            text = row[name]
            if text is None:
                values.append("NULL")
            elif kind(data_type) == "bytes":
                values.append(f"X'{text}'")
            elif kind(data_type) == "bits" and dialect != "sqlite":
                values.append(f"b'{text}'")
            else:
                escaped = text.replace("'", "''")
                values.append("'" + (escaped if dialect == "sqlite" else escaped.replace("\\", "\\\\")) + "'")
        insert = f"INSERT INTO {quote}{table}{quote} ({names}) VALUES ({', '.join(values)})"
        if dialect == "sqlite":
            database.execute(insert)
        else:
            mariadb(f"USE rows_test;\n{insert};")

failed = 0
for table in TABLES:
    psql(f"CREATE TABLE app.{table}_back AS SELECT * FROM app.{table} WHERE false")
    all_columns = columns[table]
    if dialect == "sqlite":
        names = ", ".join(f"{quote}{name}{quote}" for name, _, _ in all_columns)
        # SQLite's own text of a number has 15 digits, Python's has all.
        as_text = {bytes: bytes.hex, float: repr, type(None): lambda value: None}
        rows = [[as_text.get(type(value), str)(value) for value in row]
                for row in database.execute(f"SELECT {names} FROM {quote}{table}{quote}")]
    else:
        def read(name, data_type):
            own = f"{quote}{name}{quote}"
            return {"bytes": f"HEX({own})", "bits": f"LPAD(BIN({own}), 3, '0')"}.get(kind(data_type), own)
        # Floating point numbers are printed with all digits only by a cast.
        object_of = ", ".join(f"'{name}', CAST({read(name, data_type)} AS CHAR)" for name, data_type, _ in all_columns)
        lines = mariadb(f"USE rows_test;\nSELECT HEX(JSON_OBJECT({object_of})) FROM {quote}{table}{quote};").splitlines()
        rows = [[row[name] for name, _, _ in all_columns] for row in (json.loads(bytes.fromhex(line).decode()) for line in lines)]
    for row in rows:
        values = ", ".join(back(text, data_type) for text, (_, data_type, _) in zip(row, all_columns))
        psql(f"INSERT INTO app.{table}_back VALUES ({values})")
    # Values without an equality are compared as text.
    own = ", ".join(f"{name}::text" for name, _, _ in all_columns)
    for one, other in ((table, f"{table}_back"), (f"{table}_back", table)):
        missing = psql(f"SELECT {own} FROM app.{one} EXCEPT SELECT {own} FROM app.{other}")
        if missing:
            failed += 1
            print(f"{table}: only in {one}:\n{missing}")
psql(f"DROP DATABASE {DATABASE}", "postgres")
print(f"{dialect}: {count} rows moved over and back, {failed} differences")
sys.exit(1 if failed else 0)
