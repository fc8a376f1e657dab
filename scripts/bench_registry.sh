#!/usr/bin/env bash
# Measures the registry of definitions and prints a markdown table: a definition of 1,000 tables is validated and printed, and deployed
# beside psql with the same statements in one transaction, as a deployment is; 10,000 definitions are listed and searched. Fails if
# validation and printing take 0.3 s, if a list takes 50 ms, or if the deployment takes longer than psql.
#   bench_registry.sh [--pg MAJOR] [--runs 3] [--no-build]
# Uses a throwaway server. Each run connects again; caches are warm. Needs an idle machine.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
sizes="" runs=3
option() { fail "usage: bench_registry.sh [--pg MAJOR] [--runs N] [--no-build]"; }
. "$repo/scripts/bench_lib.sh"
if [ -z "$inside" ]; then beside_server; fi

print_seconds=0.3 list_seconds=0.05
work=$(mktemp -d /tmp/pgmeta-bench.XXXXXX)
chmod 755 "$work"
trap 'rm -rf "$work"' EXIT

createdb bench
query bench "CREATE EXTENSION pgmeta"
# 1,000 tables with keys, checks, indexes and references to the table before.
query bench "
SELECT pgmeta_definition_create('large', jsonb_build_object('schema', 'large', 'tables', jsonb_agg(jsonb_build_object(
  'name', 't' || n,
  'columns', jsonb_build_array(
    jsonb_build_object('name', 'id', 'type', 'bigint', 'identity', 'always', 'primary_key', true),
    jsonb_build_object('name', 'parent_id', 'type', 'bigint'),
    jsonb_build_object('name', 'code', 'type', 'text', 'nullable', false, 'unique', true),
    jsonb_build_object('name', 'price', 'type', 'numeric(10,2)', 'default', 0),
    jsonb_build_object('name', 'created_at', 'type', 'timestamptz', 'nullable', false, 'default', 'now()')),
  'checks', '[\"price >= 0\"]'::jsonb,
  'indexes', '[{\"columns\": [\"parent_id\"]}, {\"columns\": [\"created_at\"]}]'::jsonb)
  || CASE WHEN n > 1 THEN jsonb_build_object('foreign_keys', jsonb_build_array(jsonb_build_object(
       'columns', '[\"parent_id\"]'::jsonb, 'references', jsonb_build_object('table', 't' || n - 1)))) ELSE '{}' END ORDER BY n)))
FROM generate_series(1, 1000) n" >/dev/null
query bench "SELECT count(pgmeta_definition_create('definition ' || n, jsonb_build_object('description', 'Number ' || n,
  'tables', jsonb_build_array(jsonb_build_object('name', 'orders_' || n, 'columns', '[{\"name\": \"id\", \"type\": \"int\", \"primary_key\": true}]'::jsonb)))))
FROM generate_series(1, 9999) n" >/dev/null
query bench 'VACUUM ANALYZE'
query bench "SELECT pgmeta_definition_sql(pgmeta_definition_get('large'))" >"$work/large.sql"

measure() { # NAME COMMAND...: median of the runs
  local name=$1; shift
  : >"$work/$name"
  for ((run = 0; run < runs; run++)); do seconds "$@" >>"$work/$name"; done
  median <"$work/$name"
}
undeploy() { query bench "DROP SCHEMA IF EXISTS large CASCADE"; }
by_psql() { psql -qX --single-transaction -v ON_ERROR_STOP=1 -d bench -f "$work/large.sql"; }
: >"$work/deploy"; : >"$work/psql"
for ((run = 0; run < runs; run++)); do
  undeploy 2>/dev/null; seconds by_psql >>"$work/psql"
  undeploy 2>/dev/null; seconds query bench "BEGIN; SELECT count(*) FROM pgmeta_definition_deploy('large'); ROLLBACK" >>"$work/deploy"
done
printed=$(measure printed query bench "SELECT count(*) FROM pgmeta_definition_validate(pgmeta_definition_get('large'));
  SELECT length(pgmeta_definition_sql(pgmeta_definition_get('large')))")
connected=$(measure connected query bench "SELECT 1")
listed=$(measure listed query bench "SELECT count(*) FROM pgmeta_definition_list()")
found=$(measure found query bench "SELECT count(*) FROM pgmeta_definition_list('orders_77')")
deployed=$(median <"$work/deploy") psql=$(median <"$work/psql")

cat <<END
PostgreSQL $(query postgres 'SHOW server_version'), $(nproc) cores; medians of $runs runs, with the connection ($connected s).

| what | time | beside |
|---|---|---|
| validate and print a definition of 1,000 tables | $printed s | |
| deploy it | $deployed s | psql --single-transaction with the same statements: $psql s |
| list 20 of 10,000 definitions | $listed s | |
| search 10,000 definitions | $found s | |
END
if [ "$(calc %d "$printed - $connected >= $print_seconds")" = 1 ]; then failed "validation and printing take $printed s"; fi
for time in "$listed" "$found"; do
  if [ "$(calc %d "$time - $connected >= $list_seconds")" = 1 ]; then failed "a list of 10,000 definitions takes $time s"; fi
done
if [ "$(calc %d "$deployed > $psql")" = 1 ]; then failed "the deployment takes $deployed s, psql $psql s"; fi
report_failures
