#!/usr/bin/env bash
# Measures the effect of archiving on other users of the table. pgbench writes to and reads from a partitioned table, first
# alone, then while a worker archives and drops its old partitions. Prints a markdown table of latencies, and the longest
# time for which the parent was locked. Fails if rows are lost.
#   bench_archive_traffic.sh [--pg MAJOR] [--sizes "200000"] [--no-build] [--concurrently]
# sizes: rows of each of eight old partitions. --concurrently: with the policy's option detach_concurrently.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
sizes=200000 runs=1 concurrently=false
option() {
  [ "$1" = --concurrently ] || fail "usage: bench_archive_traffic.sh [--pg MAJOR] [--sizes N] [--no-build] [--concurrently]"
  concurrently=true
}
. "$repo/scripts/bench_lib.sh"
if [ -z "$inside" ]; then beside_server; fi
pgbench=$("$("$repo/scripts/pg_config.sh" "$major")" --bindir)/pgbench

work=$(mktemp -d /tmp/pgmeta-bench.XXXXXX); chmod 777 "$work"
trap 'rm -rf "$work"' EXIT
createdb archive
say "generating"
psql -qXAt -v ON_ERROR_STOP=1 -d archive >/dev/null <<END
CREATE EXTENSION pgmeta;
CREATE SERVER cold FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 'file://$work');
CREATE TABLE ev (id bigint, at timestamptz NOT NULL, t text) PARTITION BY RANGE (at);
SELECT format('CREATE TABLE ev_%s PARTITION OF ev FOR VALUES FROM (%L) TO (%L)', m, d, d + interval '1 month')
FROM generate_series(1, 8) m, LATERAL (SELECT '2024-01-01'::timestamptz + (m - 1) * interval '1 month') x (d) \gexec
CREATE TABLE ev_now PARTITION OF ev FOR VALUES FROM ('2025-01-01') TO ('2099-01-01');
CREATE INDEX ON ev (id);
INSERT INTO ev SELECT g, '2024-01-01'::timestamptz + (g % 240) * interval '1 day', md5(g::text) FROM generate_series(1, 8 * $sizes) g;
VACUUM ANALYZE ev;
SELECT pgmeta_archive_policy_create('ev', 'ev', 'cold', interval '1 month', '{"retire": "drop", "detach_concurrently": $concurrently}');
END
cat >"$work/script" <<'END'
\set id random(1, 1000000)
INSERT INTO ev VALUES (:id, '2026-01-01'::timestamptz + :id * interval '1 second', 'x');
SELECT count(*) FROM ev WHERE id = :id AND at >= '2025-01-01';
END

# Samples about every two milliseconds whether a session holds a lock on the parent that blocks all others.
psql -qXAt -d archive >"$work/held" <<'END' &
SET application_name = 'sampler';
DO $$
DECLARE
  since timestamptz; longest interval := '0'; ends timestamptz := clock_timestamp() + interval '24 seconds';
BEGIN
  WHILE clock_timestamp() < ends LOOP
    IF EXISTS (SELECT FROM pg_locks WHERE relation = 'ev'::regclass AND mode = 'AccessExclusiveLock' AND granted) THEN
      since := COALESCE(since, clock_timestamp());
      longest := GREATEST(longest, clock_timestamp() - since);
    ELSE
      since := NULL;
    END IF;
    PERFORM pg_sleep(0.001);
  END LOOP;
  PERFORM set_config('bench.longest', (extract(epoch FROM longest) * 1000)::numeric(12, 1)::text, false);
END $$;
SELECT current_setting('bench.longest');
END
sampler=$!

percentiles() { # LOG...: of latencies in microseconds, the third column
  cat "$@" | awk '{ print $3 }' | sort -n | awk '{ v[NR] = $1 } END { printf "%.2f ms | %.2f ms | %.2f ms | %d", v[int(NR * 0.5)] / 1000, v[int(NR * 0.99)] / 1000, v[NR] / 1000, NR }'
}
measure() { # NAME
  (cd "$work" && "$pgbench" -n -f script -c 2 -T 10 -l --log-prefix="$1" archive >/dev/null 2>&1)
  echo "| $2 | $(percentiles "$work/$1".*) |" >>"$work/table"
}
measure alone "pgbench alone"
query archive "SELECT pgmeta_archive_start('ev')" >/dev/null
measure beside "while a worker archives and drops"
wait "$sampler"
retired=$(query archive "SELECT count(*) FROM pgmeta.archives WHERE state = 'retired'")
rows=$(query archive "SELECT sum(rows) FROM pgmeta.archives WHERE state = 'retired'")
cat <<END
PostgreSQL $(query postgres 'SHOW server_version'), $(nproc) cores, 2 clients for 10 s; $retired partitions of $sizes rows retired meanwhile.

| | median | p99 | longest | transactions |
|---|---|---|---|---|
$(cat "$work/table")

The longest ACCESS EXCLUSIVE lock on the parent: $(cat "$work/held") ms.
END
[ "$rows" = $((8 * sizes)) ] || [ "$retired" -lt 8 ] || fail "$rows rows are archived"
