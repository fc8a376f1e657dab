#!/usr/bin/env bash
# Writes a snapshot of each schema of a corpus. Run it in a throwaway server that has the extension installed:
#   with_server.sh --pg 15 --memory -- snapshots.sh CORPUS FOLDER
set -euo pipefail
corpus=$1 folder=$2
mkdir -p "$folder"
for schema in "$corpus"/*/; do
  name=$(basename "$schema")
  psql -qX -d postgres -c "CREATE DATABASE \"$name\" TEMPLATE template0"
  if psql -qX -v ON_ERROR_STOP=1 -d "$name" -f "$schema/prelude.sql" -f "$schema/schema.sql" >/dev/null 2>"$folder/$name.log"; then
    # Event triggers of the schema may refuse an extension.
    psql -qXAt -d "$name" -c 'SET session_replication_role = replica' -c 'CREATE SCHEMA pgmeta_test' \
      -c 'CREATE EXTENSION pgmeta SCHEMA pgmeta_test' 2>>"$folder/$name.log"
    psql -qXAt -d "$name" -c 'SELECT pgmeta_test.pgmeta_snapshot()' >"$folder/$name.json"
  else
    echo "$name: not loaded: $(tail -1 "$folder/$name.log")" >&2
  fi
  psql -qX -d postgres -c "DROP DATABASE \"$name\""
done
