#!/usr/bin/env bash
# Measures pgmeta_discover, pgmeta_lint with its default rules and with all, pgmeta_document and pgmeta_diagram, against nine rules
# as hand-written catalog queries (benches/lint_by_hand.sql) and pg_dump -s; prints a markdown table. Fails if lint of 10,000 tables
# takes 3 s or 300 MB, if a time grows faster than the number of tables, or if a picture of 1,000 tables takes 2 s.
#   bench_lint.sh [--pg MAJOR] [--sizes "1000 10000"] [--runs 3] [--no-build]
# Uses a throwaway server and databases of benches/generate.sql. Each run connects again; caches are warm. Needs an idle machine.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
sizes="1000 10000" runs=3
option() { fail "usage: bench_lint.sh [--pg MAJOR] [--sizes \"N …\"] [--runs N] [--no-build]"; }
. "$repo/scripts/bench_lib.sh"
if [ -z "$inside" ]; then beside_server; fi

lint_seconds=3 lint_mb=300 # at 10,000 tables
picture_seconds=2          # at 1,000 tables; nobody looks at more
slower=1.6 # how much longer a table may take in a schema that is ten times as large

declare -A call=(
  [discover]="SELECT octet_length(pgmeta_discover()::text)"
  [relationships]="SELECT count(*) FROM pgmeta_relationships()"
  [lint]="SELECT count(*) FROM pgmeta_lint()"
  [all_rules]="SELECT count(*) FROM pgmeta_lint(options => '{\"rules\": [\"all\"]}')"
  [document]="SELECT sum(octet_length(content)) FROM pgmeta_document()"
  [diagram]="SELECT octet_length(pgmeta_diagram(format => 'svg', schemas => NULL::text[]))"
)

by_hand() { psql -qXAt -v ON_ERROR_STOP=1 -d "$1" -f "$repo/benches/lint_by_hand.sql"; }

work=$(mktemp -d /tmp/pgmeta-bench.XXXXXX)
trap 'rm -rf "$work"' EXIT
declare -A taken=()
previous=template0 smaller=
for size in $(printf '%s\n' $sizes | sort -n); do
  measurements=(discover relationships lint all_rules document)
  if [ "$size" -le 1000 ]; then measurements+=(diagram); fi
  database=bench_$size
  generate "$database" "$previous" "$size"
  previous=$database
  : >"$work/dump"; : >"$work/hand"
  for measurement in "${measurements[@]}"; do : >"$work/$measurement"; done
  for ((run = 0; run < runs; run++)); do
    for measurement in "${measurements[@]}"; do seconds query "$database" "${call[$measurement]}" >>"$work/$measurement"; done
    seconds by_hand "$database" >>"$work/hand"
    seconds pg_dump -s "$database" >>"$work/dump"
  done
  hand=$(median <"$work/hand") dumped=$(median <"$work/dump")
  for measurement in "${measurements[@]}"; do
    time=$(median <"$work/$measurement")
    read -r peak _ < <(memory "$database" "${call[$measurement]}")
    printf '| %d tables | %s | %.2f s | %.0f µs | %s MB | %.2f s | %.2f s |\n' "$size" "$measurement" "$time" \
      "$(calc %.1f "$time / $size * 1000000")" "$peak" "$hand" "$dumped" >>"$work/table"
    if [ -n "$smaller" ] && [ "$(calc %d "$time / $size > $slower * ${taken[$measurement]} / $smaller")" = 1 ]; then
      failed "$measurement: ${taken[$measurement]} s for $smaller tables, $time s for $size"
    fi
    taken[$measurement]=$time
    if [ "$measurement" = diagram ] && [ "$(calc %d "$time >= $picture_seconds")" = 1 ]; then failed "a picture of $size tables takes $time s"; fi
    if [ "$measurement" = lint ] && [ "$size" = 10000 ]; then
      if [ "$(calc %d "$time >= $lint_seconds")" = 1 ]; then failed "lint of 10,000 tables takes $time s"; fi
      if [ "$peak" -ge "$lint_mb" ]; then failed "lint of 10,000 tables takes $peak MB"; fi
    fi
  done
  smaller=$size
done

cat <<END
PostgreSQL $(query postgres 'SHOW server_version'), $(nproc) cores; medians of $runs runs.

| database | call | time | per table | memory | nine rules by hand | pg_dump -s |
|---|---|---|---|---|---|---|
END
cat "$work/table"
report_failures
