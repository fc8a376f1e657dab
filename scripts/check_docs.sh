#!/usr/bin/env bash
# Checks the documents: runs their examples on a server with pgmeta and compares the output; checks that every function and
# option has an entry, and that links and file names are valid.
#   check_docs.sh [--pg MAJOR] [--accept] [FILE]...     --accept writes the output into the files
# How an example is written: docs/development.md.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
major=15 arguments=()
while [ $# -gt 0 ]; do
  case $1 in
    --pg) major=$2; shift 2 ;;
    *) arguments+=("$1"); shift ;;
  esac
done
# In CI the server of with_server.sh runs already.
runner=()
if [ -z "${PGMETA_SERVER_DIR:-}" ]; then runner=("$repo/scripts/with_server.sh" --pg "$major" --conf "wal_level = logical" --); fi
exec "${runner[@]}" python3 "$repo/scripts/check_docs.py" "${arguments[@]}"
