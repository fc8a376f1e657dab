#!/usr/bin/env bash
# Measures this tree against another commit, on the same machine in one run, and prints a markdown table. Fails if anything takes
# more than 5 % longer than before, both in the fastest run and in the median: on a machine with neighbours, either alone varies more.
#   bench_commits.sh COMMIT [--pg MAJOR] [--sizes 10000] [--runs 7] [--no-build]
# Each side has an installation and a throwaway server of its own, with the same databases; the sides take turns. COMMIT must have
# scripts/with_server.sh and sql/pgmeta--VERSION.sql (from bca6a00 on). Needs an idle machine.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
sizes=10000 runs=7 commit=
option() {
  case $1 in
    -*) fail "usage: bench_commits.sh COMMIT [--pg MAJOR] [--sizes N] [--runs N] [--no-build]" ;;
    *) commit=$1 ;;
  esac
}
. "$repo/scripts/bench_lib.sh"
[ -n "$commit" ] || fail "no commit to compare with"
limit=1.05 rows=1000000
tree=$cache/bench/$commit
conf=(--conf 'max_locks_per_transaction = 2000' --conf 'autovacuum = off')

if [ -z "$inside" ]; then
  if [ -n "$build" ]; then
    mkdir -p "$tree/main"
    git -C "$repo" archive "$commit" | tar -x -C "$tree/main"
    for side in "$repo:$cache" "$tree/main:$tree/cache"; do
      # Cargo builds in the folder of the tree whose script runs.
      (
        export PGMETA_CACHE=${side##*:}
        if [ "${side%:*}" != "$repo" ]; then export CARGO_TARGET_DIR=$tree/target; fi
        "${side%:*}/scripts/setup.sh" "$major"
        "${side%:*}/scripts/install_extension.sh" "$major" --release
      ) >&2
    done
  fi
  # Each side's server runs inside of the other's script.
  exec env PGMETA_CACHE="$tree/cache" "$tree/main/scripts/with_server.sh" --pg "$major" "${conf[@]}" -- \
    bash -c 'BEFORE=$PGHOST PGMETA_CACHE=$1 exec "${@:2}"' - "$cache" \
    "$repo/scripts/with_server.sh" --pg "$major" "${conf[@]}" -- "$0" "${arguments[@]}" --inside
fi

work=$(mktemp -d /tmp/pgmeta-bench.XXXXXX); chmod 777 "$work"
trap 'rm -rf "$work"' EXIT
declare -A host=([before]=$BEFORE [now]=$PGHOST)
on() { PGHOST=${host[$1]} "${@:2}"; } # SIDE COMMAND...

prepare() {
  generate old template0 "$sizes"
  query old "CREATE SERVER cold FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 'file://$work/$1')"
  createdb -T old new
  change_tables new
  psql -qX -v ON_ERROR_STOP=1 -d old <<END
CREATE TABLE p (id bigint, at timestamptz, n int, f float8, price numeric(18,4), t text, j jsonb);
INSERT INTO p SELECT g, '2024-01-01'::timestamptz + g * interval '1 second', g % 1000, g / 3.0, g / 7.0, md5(g::text),
  jsonb_build_object('k', g) FROM generate_series(1, $rows) g;
VACUUM ANALYZE p;
END
  query new 'SELECT pgmeta_snapshot()' >"$work/$1.new"
  query old 'SELECT pgmeta_snapshot()' >"$work/$1.old"
}

plan() { # SIDE TARGET
  plan_script "$work/$1.$2" | psql -qXAt -v ON_ERROR_STOP=1 -d old -o "$work/plan"
}
archive() { # SIDE FORMAT
  rm -rf "${work:?}/$1"; mkdir "$work/$1"; chmod 777 "$work/$1"
  query old "SELECT pgmeta_archive('p', 'cold', '{\"format\": \"$2\"}')"
}
measurements=(export files snapshot one_object plan equal archive_jsonl archive_parquet verify)
run() { # SIDE MEASUREMENT
  case $2 in
    export) query old 'SELECT octet_length(pgmeta_export())' ;;
    files) query old 'SELECT count(*) FROM pgmeta_export_files()' ;;
    snapshot) query old 'SELECT octet_length(pgmeta_snapshot()::text)' ;;
    one_object) query old "SELECT count(pgmeta_ddl('bench_' || g % 20 || '.t' || g)) FROM generate_series(1, 20) AS g" ;;
    plan) plan "$1" new ;;
    equal) plan "$1" old ;;
    archive_*) archive "$1" "${2#archive_}" ;;
    verify) query old 'SELECT * FROM pgmeta_archive_verify((SELECT max(id) FROM pgmeta.archives))' ;;
  esac
}

for side in before now; do say "$side"; on $side prepare $side; done
for measurement in "${measurements[@]}"; do
  say "$measurement"
  for ((turn = 0; turn < runs; turn++)); do
    # Who begins changes, so that neither side always follows the other.
    for side in $(if ((turn % 2)); then echo now before; else echo before now; fi); do
      on $side seconds run $side "$measurement" >>"$work/$measurement.$side"
    done
  done
done

cat <<END
PostgreSQL $(query postgres 'SHOW server_version'), $(nproc) cores, $sizes tables, $rows rows; $runs runs of each side in turn, since $commit.

| | before, fastest | now, fastest | now / before | before, median | now, median | now / before |
|---|---|---|---|---|---|---|
END
for measurement in "${measurements[@]}"; do
  fastest=() middle=()
  for side in before now; do
    fastest+=("$(sort -g "$work/$measurement.$side" | head -1)") middle+=("$(median <"$work/$measurement.$side")")
  done
  fast_ratio=$(calc %.3f "${fastest[1]} / ${fastest[0]}") middle_ratio=$(calc %.3f "${middle[1]} / ${middle[0]}")
  printf '| %s | %.3f s | %.3f s | %s | %.3f s | %.3f s | %s |\n' "$measurement" "${fastest[@]}" "$fast_ratio" "${middle[@]}" "$middle_ratio"
  if [ "$(calc %d "$fast_ratio > $limit && $middle_ratio > $limit")" = 1 ]; then
    failed "$measurement takes $fast_ratio to $middle_ratio times as long as before"
  fi
done
report_failures
