"""Prints what goose would send for migration files, each string ended by a NUL; for check_formats.sh.

    goose_statements.py up|down FILE...

Divides a file as goose's parser does (internal/sqlparser/parser.go): a line that begins with two dashes, after blanks too,
and has +goose in it is an annotation, or an error; without them a statement ends where a line does, at a semicolon that no
comment follows. A file without NO TRANSACTION is put between BEGIN and COMMIT.
"""

import sys


def ends(line):
    last = ""
    for word in line.split():
        if word.startswith("--"):
            break
        last = word
    return last.endswith(";")


def statements(text, wanted):
    direction, whole, buffer = None, False, ""
    transaction, found = True, []
    for line in text.removesuffix("\n").split("\n"):
        line = line.removesuffix("\r")
        command = ""
        if line.strip().startswith("--") and "+goose" in line:
            assert line[0] not in " \t", f"leading blank: {line}"
            command = "+goose " + line.replace("--", "").replace("+goose", "", 1).strip()
            known = ("Up", "Down", "StatementBegin", "StatementEnd", "NO TRANSACTION")
            command = {f"+goose {word}".lower(): f"+goose {word}" for word in known}.get(command.lower())
            assert command, f"annotation: {line}"
        if command in ("+goose Up", "+goose Down"):
            assert not buffer.strip(), f"unfinished: {buffer}"
            assert command == "+goose Up" if direction is None else direction == "up", "out of order"
            direction = command.split()[1].lower()
        elif command == "+goose StatementBegin":
            assert direction and not whole
            whole = True
        elif command == "+goose StatementEnd":
            assert whole
            whole = False
            found.append((direction, buffer))
            buffer = ""
        elif command == "+goose NO TRANSACTION":
            transaction = False
        elif buffer or not (line.strip().startswith("--") or not line):
            assert direction, f"before the first annotation: {line}"
            buffer += line + "\n"
            if not whole and ends(line):
                found.append((direction, buffer))
                buffer = ""
    assert not buffer.strip() and not whole, f"unfinished: {buffer}"
    sql = [statement for way, statement in found if way == wanted]
    return ["BEGIN", *sql, "COMMIT"] if transaction else sql


way, *paths = sys.argv[1:]
for path in sorted(paths, reverse=way == "down"):
    with open(path, newline="") as file:
        for statement in statements(file.read(), way):
            sys.stdout.write(statement + "\0")
