#!/usr/bin/env bash
# Checks that the documents are true: runs their examples against a server on which pgmeta is installed, and compares
# what comes out with what they show; looks for entries of every function and option, for dead links and file names.
#   check_docs.sh [--pg MAJOR] [--accept] [FILE]...     --accept writes what comes out into the files
# How an example is written: docs/development.md.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
major=15 arguments=()
while [ $# -gt 0 ]; do
  case $1 in
    --pg) major=$2; shift 2 ;;
    *) arguments+=("$1"); shift ;;
  esac
done
# In CI the server of with_server.sh is there already.
runner=()
if [ -z "${PGMETA_SERVER_DIR:-}" ]; then runner=("$repo/scripts/with_server.sh" --pg "$major" --conf "wal_level = logical" --); fi
exec "${runner[@]}" python3 "$repo/scripts/check_docs.py" "${arguments[@]}"
