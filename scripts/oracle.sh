#!/usr/bin/env bash
# Creates databases with difficult schemas on the server of with_server.sh; oracle and corpus are in shared/.
#   oracle.sh regression DB       the state after PostgreSQL's own regression tests (about a minute)
#   oracle.sh dump_objects DB     the objects of pg_dump's own test table
#   oracle.sh corpus NAME DB      the schema NAME of the corpus
#   oracle.sh corpus-names        lists the corpus
# The PostgreSQL source tree (Debian's source package; PGMETA_PG_SUITE selects another suite) is kept in the cache.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

server_dir() { [ -d "${PGMETA_SERVER_DIR:-}" ] || fail "no server: run me under scripts/with_server.sh"; echo "$PGMETA_SERVER_DIR"; }
shared=$(shared_dir)

source_tree() { # one fetch at a time; the server reads it too
  local major
  major=$("${PG_CONFIG:?}" --version | sed -E 's/^PostgreSQL ([0-9]+).*/\1/')
  mkdir -p "$cache/src"
  (flock 9; "$shared/oracle/fetch_pg_source.sh" "$major" "$cache/src" ${PGMETA_PG_SUITE:+"$PGMETA_PG_SUITE"}) 9>"$cache/src/lock"
}

case ${1:-} in
  regression)
    base=$(server_dir); tree=$(source_tree); db=${2:?database}
    # pg_regress runs as the caller, but some tests make the server write into its folders.
    out=$base/regress/out-regression
    mkdir -p "$out/results" "$out/testtablespace"; chmod 777 "$out/results" "$out/testtablespace"
    # The tests contain the name `regression` in statements: only a database of that name becomes complete.
    "$shared/oracle/regression_db.sh" "$tree" "$base/regress" regression
    # A failed test does no harm: the tree may be of another minor version than the server. A test that did not end does.
    wanted=$(awk '$1 == "test:" { n += NF - 1 } END { print n }' "$tree/src/test/regress/parallel_schedule")
    ended=$(grep -cE ' \.\.\. (ok|FAILED) +[0-9]+ ms$' "$out/log" || true)
    [ "$ended" = "$wanted" ] || { tail -n 40 "$out/log" >&2; fail "$ended of $wanted tests of PostgreSQL ended: the database is not whole"; }
    if [ "$db" != regression ]; then psql -qXc "ALTER DATABASE regression RENAME TO \"$db\""; fi
    ;;
  dump_objects)
    base=$(server_dir); tree=$(source_tree); log=$base/dump_objects-${2:?database}.log
    createdb -T template0 -E UTF8 --locale=C "$2"
    # Roles and databases of an earlier run on this server exist already: such errors are shown and ignored.
    perl "$shared/oracle/dump_objects_sql.pl" "$tree/src/bin/pg_dump/t/002_pg_dump.pl" |
      PGOPTIONS='-c allow_in_place_tablespaces=on' psql -qX -v ON_ERROR_STOP=0 -d "$2" >/dev/null 2>"$log"
    grep -A1 ERROR "$log" >&2 || true
    ;;
  corpus)
    dir=$shared/corpus/${2:?name}; db=${3:?database}
    [ -e "$dir/schema.sql" ] || fail "no corpus schema $2: see oracle.sh corpus-names"
    createdb -T template0 "$db"
    PGOPTIONS='-c client_min_messages=warning' \
      psql -qX -v ON_ERROR_STOP=1 -d "$db" -f "$dir/prelude.sql" -f "$dir/schema.sql" >/dev/null
    ;;
  corpus-names)
    python3 -c 'import json, sys; [print(s["name"]) for s in json.load(open(sys.argv[1]))["schemas"]]' "$shared/corpus/index.json"
    ;;
  *) fail "usage: oracle.sh regression DB | dump_objects DB | corpus NAME DB | corpus-names" ;;
esac
