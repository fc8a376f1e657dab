#!/usr/bin/env bash
# Measures pgmeta_export against pg_dump -s and prints a markdown table; fails if pgmeta is not 5 times faster at 10,000
# tables.
#   bench.sh [--pg MAJOR] [--sizes "1000 10000 100000"] [--runs 5] [--no-regression] [--no-build]
# Uses a throwaway server with PostgreSQL's default memory settings, databases of benches/generate.sql, and the regression
# database (if the oracle in shared/ exists). Both sides connect again for each run, and take turns; caches are warm. The
# largest size runs three times only, unless BENCH_FULL=1. Needs an idle machine.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
sizes="1000 10000 100000" runs=5 regression=1
option() {
  case $1 in
    --no-regression) regression= ;;
    *) fail "usage: bench.sh [--pg MAJOR] [--sizes \"N …\"] [--runs N] [--no-regression] [--no-build]" ;;
  esac
}
. "$repo/scripts/bench_lib.sh"
wanted_ratio=5 # at 10,000 tables

if [ -z "$inside" ]; then beside_server; fi

dump() { pg_dump -s "$1"; }
length() { query "$1" 'SELECT octet_length(pgmeta_export())'; }
transfer() { psql -qXAt -d "$1" -c 'SELECT pgmeta_export()' -o /dev/null; }

measure() { # DATABASE LABEL RUNS [TABLES]
  local database=$1 label=$2 count=$3 tables=${4:-} run bytes server whole dumped ratio private total per_table
  query "$database" 'CHECKPOINT'
  say "$label: measuring"
  bytes=$(query "$database" 'SELECT octet_length(pgmeta_export())')
  dump "$database" >/dev/null
  : >"$work/dump"; : >"$work/length"; : >"$work/transfer"
  for ((run = 0; run < count; run++)); do
    seconds dump "$database" >>"$work/dump"
    seconds length "$database" >>"$work/length"
    seconds transfer "$database" >>"$work/transfer"
  done
  dumped=$(median <"$work/dump") server=$(median <"$work/length") whole=$(median <"$work/transfer")
  read -r private total < <(memory "$database" 'SELECT octet_length(pgmeta_export())')
  ratio=$(calc %.1f "$dumped / $server")
  per_table=–
  if [ -n "$tables" ]; then per_table=$(calc %.0f "$server / $tables * 1000000"); fi
  printf '| %s | %.3f s | %.3f s | %.3f s | %s | %s µs | %s MB | %s MB | %s MB |\n' "$label" "$dumped" "$server" "$whole" \
    "$ratio" "$per_table" "$private" "$total" "$(calc %.1f "$bytes / 1048576")" >>"$work/table"
  if [ "$tables" = 10000 ] && [ "$(calc %d "$ratio < $wanted_ratio")" = 1 ]; then
    failed "at 10,000 tables pgmeta_export is $ratio times as fast as pg_dump -s: less than $wanted_ratio times"
  fi
}

work=$(mktemp -d /tmp/pgmeta-bench.XXXXXX)
trap 'rm -rf "$work"' EXIT
previous=template0
for size in $(printf '%s\n' $sizes | sort -n); do
  generate "bench_$size" "$previous" "$size"
  previous=bench_$size
done
for size in $(printf '%s\n' $sizes | sort -n); do
  count=$runs
  if [ "$size" -ge 100000 ] && [ -z "${BENCH_FULL:-}" ] && [ "$count" -gt 3 ]; then count=3; fi
  measure "bench_$size" "$(printf '%d tables' "$size")" "$count" "$size"
done
if [ -n "$regression" ]; then
  if (shared_dir) >/dev/null 2>&1; then
    say "regression database: making"
    if "$repo/scripts/oracle.sh" regression bench_regression >"$work/log" 2>&1; then
      query bench_regression 'CREATE EXTENSION IF NOT EXISTS pgmeta'
      query bench_regression 'VACUUM ANALYZE'
      measure bench_regression 'regression database' "$runs"
    else
      tail -n 5 "$work/log" >&2; failed 'the regression database could not be made'
    fi
  else
    echo '| regression database | left out: no shared/oracle folder (PGMETA_SHARED) | | | | | | | |' >>"$work/table"
  fi
fi

cat <<END
PostgreSQL $(query postgres 'SHOW server_version'), $(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg); medians of $runs runs.

| database | pg_dump -s | pgmeta_export | with transfer | times faster | per table | memory | with shared buffers | output |
|---|---|---|---|---|---|---|---|---|
END
cat "$work/table"
cat <<'END'

pgmeta_export: `psql -c 'SELECT octet_length(pgmeta_export())'`, a new connection each time. With transfer: the text goes to psql.
Memory: by how much one export raises the peak of a fresh backend, without shared buffers.
END
report_failures
