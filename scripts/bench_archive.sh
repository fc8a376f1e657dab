#!/usr/bin/env bash
# Measures pgmeta_archive against psql's \copy through zstd -3, and for Parquet against DuckDB's postgres scanner on one thread, on
# the same rows, and prints a markdown table: wall time, CPU of server and client together, bytes, the peak memory of
# the backend, or of DuckDB. Fails where a file is missing rows, or a backend needs
# more than 128 MB beyond its shared buffers.
#   bench_archive.sh [--pg MAJOR] [--sizes "3000000"] [--runs 3] [--no-build]
# On a throwaway server, 3,000,000 rows of nine types (600 MB). pgmeta's times hold reading everything back and comparing it. Give it
# an idle machine.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
sizes=3000000 runs=3
option() { fail "usage: bench_archive.sh [--pg MAJOR] [--sizes \"N …\"] [--runs N] [--no-build]"; }
. "$repo/scripts/bench_lib.sh"
if [ -z "$inside" ]; then beside_server; fi
command -v zstd >/dev/null || fail "zstd not found"
"$repo/scripts/setup_stores.sh"

work=$(mktemp -d /tmp/pgmeta-bench.XXXXXX); chmod 777 "$work"
trap 'rm -rf "$work"' EXIT

# Runs a psql command; leaves wall seconds, CPU seconds of both sides and the backend's peak in $work/run.
measured() { # STATEMENT
  local start=$EPOCHREALTIME client TIMEFORMAT='%U %S'
  rm -f "$work/server" "$work/memory"
  client=$( { time psql -qXAt -v ON_ERROR_STOP=1 -d archive >"$work/out" <<END
SELECT pg_backend_pid() AS pid \gset
\setenv BACKEND :pid
$1
\! awk '{ print (\$14 + \$15) / 100 }' /proc/\$BACKEND/stat >$work/server
\! awk '/^(RssAnon|VmHWM)/ { print \$2 }' /proc/\$BACKEND/status >$work/memory
END
  } 2>&1 )
  awk -v a="$start" -v b="$EPOCHREALTIME" -v client="$client" '{ split(client, c, " "); printf "%.2f %.2f\n", b - a, $1 + c[1] + c[2] }' "$work/server"
}
row() { # NAME STATEMENT FILE
  local run wall=() cpu=() times bytes memory
  for ((run = 0; run < runs; run++)); do
    rm -rf "$work/store"; mkdir "$work/store"; chmod 777 "$work/store"
    sleep 1
    times=$(measured "$2") || fail "$1 failed"
    wall+=("${times% *}"); cpu+=("${times#* }")
  done
  bytes=$(find "$work/store" -type f -name "$3" -printf '%s\n' | head -n 1)
  [ "${bytes:-0}" -gt 0 ] || echo "$1: wrote nothing" >>"$work/failed"
  memory=$(head -n 2 "$work/memory" | sort -n | head -n 1)
  if [ "$memory" -gt 131072 ]; then echo "$1: the backend holds $memory kB" >>"$work/failed"; fi
  printf '| %s | %s s | %s s | %s MB | %d MB |\n' "$1" "$(printf '%s\n' "${wall[@]}" | median)" "$(printf '%s\n' "${cpu[@]}" | median)" "$(calc %.0f "$bytes / 1e6")" "$((memory / 1024))" >>"$work/table"
}

# The same for DuckDB, whose backends have ended when they are counted.
duckdb_row() { # NAME SQL
  local run wall=() cpu=() client bytes memory before TIMEFORMAT='%R %U %S' server
  server=$(query postgres "SELECT pg_read_file('postmaster.pid')" | head -n 1)
  ended() { awk '{ print ($16 + $17) / 100 }' "/proc/$server/stat"; }
  for ((run = 0; run < runs; run++)); do
    rm -rf "$work/store"; mkdir "$work/store"
    sleep 1
    before=$(ended)
    client=$( { time "$cache/tools/python/bin/python" - >"$work/peak" <<END
import duckdb, resource
from duckdb_extensions import import_extension
import_extension("postgres_scanner")
c = duckdb.connect(config={"threads": 1})
c.execute("load postgres_scanner")
c.execute("attach 'host=$PGHOST port=$PGPORT user=postgres dbname=archive' as pg (type postgres)")
c.execute("""$2""")
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
END
    } 2>&1 )
    sleep 1
    wall+=("${client%% *}")
    cpu+=("$(awk -v a="$before" -v b="$(ended)" -v c="$client" 'BEGIN { split(c, t, " "); print b - a + t[2] + t[3] }')")
  done
  bytes=$(find "$work/store" -type f -printf '%s\n' | head -n 1)
  memory=$(cat "$work/peak")
  printf '| %s | %s s | %s s | %s MB | %d MB |\n' "$1" "$(printf '%s\n' "${wall[@]}" | median)" "$(printf '%s\n' "${cpu[@]}" | median)" "$(calc %.0f "$bytes / 1e6")" "$((memory / 1024))" >>"$work/table"
}

for size in $sizes; do
  say "$size rows: generating"
  createdb archive
  psql -qX -v ON_ERROR_STOP=1 -d archive <<END
CREATE EXTENSION pgmeta;
CREATE SERVER cold FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 'file://$work/store');
CREATE TABLE p (id bigint, at timestamptz, n int, b bool, f float8, price numeric(18,4), u uuid, t text, j jsonb);
INSERT INTO p SELECT g, '2024-01-01'::timestamptz + g * interval '1 second', (random() * 1e6)::int, g % 2 = 0, random(), (random() * 1e6)::numeric(18,4),
  md5(g::text)::uuid, md5(random()::text), jsonb_build_object('k', g, 'v', md5(random()::text)) FROM generate_series(1, $size) g;
VACUUM ANALYZE p;
END
  for format in jsonl csv binary parquet; do
    row "pgmeta_archive, $format + zstd 3, read back ($size rows)" "SELECT pgmeta_archive('p', 'cold', '{\"format\": \"$format\"}');" 'p-*[^n]'
    rows=$(query archive 'SELECT rows FROM pgmeta.archives ORDER BY id DESC LIMIT 1')
    [ "$rows" = "$size" ] || echo "$format: $rows rows" >>"$work/failed"
    case $format in
      jsonl) source='(SELECT row_to_json(r) FROM p r)' with='' ;;
      parquet)
        duckdb_row "DuckDB, postgres scanner, one thread, parquet ($size rows)" "COPY pg.public.p TO '$work/store/a.parquet' (FORMAT parquet, COMPRESSION zstd)"
        continue ;;
      *) source=p with="(FORMAT $format)" ;;
    esac
    row "psql \\\\copy \\| zstd -3, $format ($size rows)" "\\copy $source TO PROGRAM 'zstd -3 -q -f -o $work/store/a.zst' $with" 'a.zst'
  done
  dropdb --force archive
done
cat <<END
PostgreSQL $(query postgres 'SHOW server_version'), $(nproc) cores; medians of $runs runs.

| | wall | CPU, server and client | bytes | backend's memory |
|---|---|---|---|---|
END
cat "$work/table"
if [ -s "$work/failed" ]; then cat "$work/failed" >&2; exit 1; fi
