#!/usr/bin/env bash
# Measures diffs of two live databases against migra, from the first connection to the last row of the plan, and prints a
# markdown table. Fails if pgmeta is not 10 times faster at 10,000 tables, or if comparing two equal databases of that size
# takes longer than one pg_dump -s.
#   bench_diff.sh [--pg MAJOR] [--sizes "1000 10000"] [--runs 3] [--no-build]
# Uses a throwaway server, databases of benches/generate.sql, and copies in which 1 % of the tables differ. migra comes from
# PyPI, into the cache; it is omitted above 10,000 tables, where it would take an hour. 100,000 tables need some 17 GB.
# Needs an idle machine.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
sizes="1000 10000" runs=3
option() { fail "usage: bench_diff.sh [--pg MAJOR] [--sizes \"N …\"] [--runs N] [--no-build]"; }
. "$repo/scripts/bench_lib.sh"
wanted_ratio=10 # at 10,000 tables

migra=$cache/migra/bin/migra
if [ -z "$inside" ]; then
  if [ ! -x "$migra" ]; then
    say "installing migra from PyPI"
    python3 -m venv "$cache/migra"
    "$cache/migra/bin/pip" -q install migra 'sqlalchemy<2' psycopg2-binary 'setuptools<80' >&2
  fi
  beside_server
fi

by_pgmeta() { # OLD NEW: the plan from the one to the other
  query "$2" 'SELECT pgmeta_snapshot()' >"$work/target"
  plan_script "$work/target" | psql -qXAt -v ON_ERROR_STOP=1 -d "$1" -o "$work/plan"
}
# Its exit status shows whether there are differences.
by_migra() { "$migra" --unsafe "postgresql://$PGUSER@/$1?host=$PGHOST&port=$PGPORT" "postgresql://$PGUSER@/$2?host=$PGHOST&port=$PGPORT" >"$work/migra" || [ $? -eq 2 ]; }
by_pg_dump() { pg_dump -s "$1" >/dev/null; }

work=$(mktemp -d /tmp/pgmeta-bench.XXXXXX)
trap 'rm -rf "$work"' EXIT
previous=template0
for size in $(printf '%s\n' $sizes | sort -n); do
  old=diff_$size new=diff_${size}_new
  generate "$old" "$previous" "$size"
  createdb -T "$old" "$new"
  previous=$old
  change_tables "$new"
  : >"$work/ours"; : >"$work/equal"; : >"$work/theirs"; : >"$work/dump"
  for ((run = 0; run < runs; run++)); do
    seconds by_pgmeta "$old" "$new" >>"$work/ours"
    steps=$(wc -l <"$work/plan")
    [ "$steps" -gt 0 ] || failed "$size tables: the plan is empty"
    read -r private _ < <(memory "$old" "$(plan_script "$work/target")")
    # A run at 100,000 tables takes half an hour and adds no information.
    if [ "$size" -le 10000 ]; then seconds by_migra "$old" "$new" >>"$work/theirs"; fi
    seconds by_pgmeta "$old" "$old" >>"$work/equal"
    [ ! -s "$work/plan" ] || failed "$size tables: two equal databases have a plan"
    seconds by_pg_dump "$old" >>"$work/dump"
  done
  ours=$(median <"$work/ours") equal=$(median <"$work/equal") dumped=$(median <"$work/dump")
  theirs=– ratio=–
  if [ -s "$work/theirs" ]; then
    theirs=$(calc '%.1f s' "$(median <"$work/theirs")")
    ratio=$(calc %.1f "$(median <"$work/theirs") / $ours")
  fi
  printf '| %d tables | %s | %.2f s | %s | %s | %.2f s | %.2f s | %s MB |\n' "$size" "$steps" "$ours" "$theirs" "$ratio" "$equal" "$dumped" "$private" >>"$work/table"
  if [ "$size" = 10000 ]; then
    if [ "$(calc %d "$ratio < $wanted_ratio")" = 1 ]; then failed "at 10,000 tables pgmeta is $ratio times as fast as migra: less than $wanted_ratio times"; fi
    if [ "$(calc %d "$equal > $dumped")" = 1 ]; then failed "two equal databases of 10,000 tables take $equal s, one pg_dump -s $dumped s"; fi
  fi
done

cat <<END
PostgreSQL $(query postgres 'SHOW server_version'), $(nproc) cores; medians of $runs runs.

| database | steps | pgmeta_plan_live | migra | times faster | two equal ones | pg_dump -s of one | memory |
|---|---|---|---|---|---|---|---|
END
cat "$work/table"
cat <<'END'

pgmeta_plan_live: a snapshot of the target by one psql, and in another session the live schema and the plan. Memory: by how much that
raises the peak of the other session's backend, without shared buffers.
END
report_failures
