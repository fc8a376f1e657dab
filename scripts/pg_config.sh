#!/usr/bin/env bash
# Prints the path of pg_config of a PostgreSQL major version.
#   pg_config.sh [MAJOR=15]      PGMETA_PG_CONFIG=PATH is tried first if it is of that major
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
major=${1:-15}
find_pg_config "$major" || fail "PostgreSQL $major not found: run scripts/setup.sh $major, or set PGMETA_PG_CONFIG"
