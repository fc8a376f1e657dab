#!/usr/bin/env bash
# Measures pgmeta_archive against psql's \copy with zstd -3, and for Parquet against DuckDB's postgres scanner on one
# thread, on the same rows. Prints a markdown table: wall time, CPU of server and client, bytes, peak memory of the backend
# or of DuckDB; the time of zstd alone, which both sides need; and two workers against one. Fails if a file lacks rows, if a
# backend needs more than 128 MB beyond shared buffers, or if a goal is missed.
#   bench_archive.sh [--pg MAJOR] [--sizes "3000000"] [--runs 3] [--no-build]
# Parquet has native types, as DuckDB writes them. Uses a throwaway server with 3,000,000 rows of nine types (600 MB).
# pgmeta's times include reading everything back and comparing it. Needs an idle machine.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
sizes=3000000 runs=3
option() { fail "usage: bench_archive.sh [--pg MAJOR] [--sizes \"N …\"] [--runs N] [--no-build]"; }
. "$repo/scripts/bench_lib.sh"
if [ -z "$inside" ]; then beside_server; fi
command -v zstd >/dev/null || fail "zstd not found"
"$repo/scripts/setup_stores.sh"

work=$(mktemp -d /tmp/pgmeta-bench.XXXXXX); chmod 777 "$work"
trap 'rm -rf "$work"' EXIT

# Runs a psql command; prints wall seconds and CPU seconds of both sides. Writes the backend's memory beyond shared memory,
# sampled twenty times a second, to $work/memory.
measured() { # STATEMENT
  local start=$EPOCHREALTIME client TIMEFORMAT='%U %S'
  rm -f "$work/server" "$work/memory"
  client=$( { time psql -qXAt -v ON_ERROR_STOP=1 -d archive >"$work/out" <<END
SELECT pg_backend_pid() AS pid \gset
\setenv BACKEND :pid
\! while grep RssAnon /proc/\$BACKEND/status; do sleep 0.05; done >$work/memory 2>/dev/null &
$1
\! awk '{ print (\$14 + \$15) / 100 }' /proc/\$BACKEND/stat >$work/server
END
  } 2>&1 )
  awk -v a="$start" -v b="$EPOCHREALTIME" -v client="$client" '{ split(client, c, " "); printf "%.2f %.2f\n", b - a, $1 + c[1] + c[2] }' "$work/server"
}
# Sets peak_mb: that of the backend at its last run, which has a limit.
peak() { # NAME
  local memory
  memory=$(awk '$2 > peak { peak = $2 } END { print peak + 0 }' "$work/memory")
  if [ "$memory" -gt 131072 ]; then failed "$1: the backend holds $memory kB"; fi
  peak_mb=$((memory / 1024))
}
# Sets wall_median, cpu_median and peak_mb.
row() { # NAME STATEMENT FILE
  local run wall=() cpu=() times bytes
  for ((run = 0; run < runs; run++)); do
    rm -rf "$work/store"; mkdir "$work/store"; chmod 777 "$work/store"
    sleep 1
    times=$(measured "$2") || fail "$1 failed"
    wall+=("${times% *}"); cpu+=("${times#* }")
  done
  bytes=$(find "$work/store" -type f -name "$3" -printf '%s\n' | head -n 1)
  [ "${bytes:-0}" -gt 0 ] || failed "$1: wrote nothing"
  peak "$1"
  wall_median=$(printf '%s\n' "${wall[@]}" | median) cpu_median=$(printf '%s\n' "${cpu[@]}" | median)
  printf '| %s | %s s | %s s | %s MB | %d MB |\n' "$1" "$wall_median" "$cpu_median" "$(calc %.0f "$bytes / 1e6")" "$peak_mb" >>"$work/table"
}

# Compares a ratio with a goal: it must be at least AT_LEAST.
wanted() { # WHAT THEIRS OURS AT_LEAST
  local found
  found=$(calc %.2f "$2 / $3")
  printf '| %s | %s | %s |\n' "$1" "$found" "$4" >>"$work/ratios"
  if [ "$(calc %d "$found < $4")" = 1 ]; then failed "$1: $found, and $4 is wanted"; fi
}

# The same for DuckDB, whose backends have ended when their CPU time is counted.
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
  wall_median=$(printf '%s\n' "${wall[@]}" | median) cpu_median=$(printf '%s\n' "${cpu[@]}" | median) peak_mb=$((memory / 1024))
  printf '| %s | %s s | %s s | %s MB | %d MB |\n' "$1" "$wall_median" "$cpu_median" "$(calc %.0f "$bytes / 1e6")" "$peak_mb" >>"$work/table"
}

# Prints how long the last archive was read and stored, and how long it was verified.
phases() {
  query archive "SELECT round(extract(epoch FROM max(at) FILTER (WHERE state = 'verifying') - min(at)), 2) || ' ' ||
    round(extract(epoch FROM max(at) FILTER (WHERE state = 'stored') - max(at) FILTER (WHERE state = 'verifying')), 2)
    FROM pgmeta.archive_events WHERE archive = (SELECT max(id) FROM pgmeta.archives)"
}

# Prints how long COUNT workers need for four partitions.
workers() { # COUNT
  local start policy=w$1
  rm -rf "$work/store"; mkdir "$work/store"; chmod 777 "$work/store"
  query archive "SELECT pgmeta_archive_policy_create('$policy', 'q', 'cold', interval '1 day')" >/dev/null
  start=$EPOCHREALTIME
  query archive "SELECT pgmeta_archive_start('$policy', $1)" >/dev/null
  until [ "$(query archive "SELECT count(*) FROM pgmeta.archives WHERE policy = '$policy' AND state = 'stored'")" = 4 ]; do sleep 0.05; done
  calc %.2f "$EPOCHREALTIME - $start"
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
    row "pgmeta_archive, $format + zstd 3, read back ($size rows)" "SELECT pgmeta_archive('p', 'cold', '{\"format\": \"$format\", \"parquet_types\": \"native\"}');" 'p-*[^n]'
    rows=$(query archive 'SELECT rows FROM pgmeta.archives ORDER BY id DESC LIMIT 1')
    [ "$rows" = "$size" ] || failed "$format: $rows rows"
    ours=$wall_median our_cpu=$cpu_median our_peak=$peak_mb
    read -r stored proved < <(phases)
    wanted "$format: storing, over reading back" "$stored" "$proved" 0.66
    case $format in
      jsonl) source='(SELECT row_to_json(r) FROM p r)' with='' ;;
      parquet)
        duckdb_row "DuckDB, postgres scanner, one thread, parquet ($size rows)" "COPY pg.public.p TO '$work/store/a.parquet' (FORMAT parquet, COMPRESSION zstd)"
        wanted "$format: wall, over ours" "$wall_median" "$ours" 1
        wanted "$format: memory, over ours" "$peak_mb" "$our_peak" 1
        continue ;;
      *) source=p with="(FORMAT $format)" ;;
    esac
    row "psql \\\\copy \\| zstd -3, $format ($size rows)" "\\copy $source TO PROGRAM 'zstd -3 -q -f -o $work/store/a.zst' $with" 'a.zst'
    if [ "$format" = jsonl ]; then
      wanted "$format: wall, over ours" "$wall_median" "$ours" 3
      wanted "$format: CPU, over ours" "$cpu_median" "$our_cpu" 2
      zstd -d -q -f "$work/store/a.zst" -o "$work/rows"
      TIMEFORMAT='%R %U'; alone=$( { time zstd -3 -q -T1 -f "$work/rows" -o "$work/rows.zst"; } 2>&1 )
      printf '| zstd -3 alone, of the same JSONL | %s s | %s s | %s MB | |\n' ${alone% *} ${alone#* } "$(calc %.0f "$(stat -c %s "$work/rows.zst") / 1e6")" >>"$work/table"
      rm -f "$work/rows" "$work/rows.zst"
    fi
  done
  # To an object store on the same machine.
  mkdir -p "$work/s3/cold"
  "$cache/tools/bin/s3s-fs" --host 127.0.0.1 --port 54391 --access-key bench --secret-key bench "$work/s3" >/dev/null 2>&1 &
  s3=$!
  query archive "CREATE SERVER s3 FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 's3://cold/below', endpoint 'http://127.0.0.1:54391', region 'us-east-1', allow_http 'true')"
  query archive "CREATE USER MAPPING FOR CURRENT_USER SERVER s3 OPTIONS (access_key_id 'bench', secret_access_key 'bench')"
  for format in jsonl parquet; do
    read -r wall cpu < <(measured "SELECT pgmeta_archive('p', 's3', '{\"format\": \"$format\"}');")
    peak "$format to S3"
    printf '| pgmeta_archive to S3, %s, read back | %s s | %s s | | %d MB |\n' "$format" "$wall" "$cpu" "$peak_mb" >>"$work/table"
    read -r stored proved < <(phases)
    wanted "$format to S3: storing, over reading back" "$stored" "$proved" 0.66
  done
  kill "$s3"
  query archive "CREATE TABLE q (LIKE p) PARTITION BY RANGE (at)"
  for quarter in 0 1 2 3; do
    query archive "CREATE TABLE q$quarter PARTITION OF q FOR VALUES FROM ('2024-01-01'::timestamptz + $quarter * $size / 4 * interval '1 second') TO ('2024-01-01'::timestamptz + ($quarter + 1) * $size / 4 * interval '1 second')"
  done
  query archive "INSERT INTO q SELECT * FROM p WHERE id < $size"
  one=$(workers 1) two=$(workers 2)
  printf '| one worker, four partitions, jsonl | %s s | | | |\n| two workers | %s s | | | |\n' "$one" "$two" >>"$work/table"
  # One worker reads, compresses and stores at once: two cores are not enough for two.
  if [ "$(nproc)" -ge 4 ]; then wanted "one worker, over two" "$one" "$two" 1.8; fi
  dropdb --force archive
done
cat <<END
PostgreSQL $(query postgres 'SHOW server_version'), $(nproc) cores; medians of $runs runs.

| | wall | CPU, server and client | bytes | backend's memory |
|---|---|---|---|---|
END
cat "$work/table"
printf '\n| ratio | found | wanted |\n|---|---|---|\n'
cat "$work/ratios"
report_failures
