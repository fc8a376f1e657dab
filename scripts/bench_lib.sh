# Sourced by the benchmarks: common arguments, databases and measurements. Sets major, runs, build, inside and arguments. The
# benchmark must set sizes and runs before, and define `option` for its own arguments. Those that call failed, set work, a folder.
major=15 build=1 inside=
arguments=("$@")
while [ $# -gt 0 ]; do
  case $1 in
    --pg) major=$2; shift 2 ;;
    --sizes) sizes=$2; shift 2 ;;
    --runs) runs=$2; shift 2 ;;
    --no-build) build=; shift ;;
    --inside) inside=1; shift ;;
    *) option "$1"; shift ;;
  esac
done

# Builds, unless --no-build is given, and runs the benchmark again with a throwaway server.
beside_server() {
  if [ -n "$build" ]; then "$repo/scripts/setup.sh" "$major"; "$repo/scripts/install_extension.sh" "$major" --release >&2; fi
  # pg_dump locks every table.
  exec "$repo/scripts/with_server.sh" --pg "$major" --conf 'max_locks_per_transaction = 2000' --conf 'autovacuum = off' \
    -- "$0" "${arguments[@]}" --inside
}

# Makes a database of benches/generate.sql with the extension, from one with fewer tables.
generate() { # DATABASE TEMPLATE TABLES
  say "$3 tables: generating"
  createdb -T "$2" "$1"
  psql -qX -v ON_ERROR_STOP=1 -v tables="$3" -d "$1" -f "$repo/benches/generate.sql"
  query "$1" 'CREATE EXTENSION IF NOT EXISTS pgmeta'
  query "$1" 'VACUUM ANALYZE'
}
# One of a hundred tables gets a column, loses an index, and gets another default and comment.
change_tables() { # DATABASE
  psql -qX -v ON_ERROR_STOP=1 -d "$1" <<'END'
SELECT format('ALTER TABLE %s ADD COLUMN note text, ALTER COLUMN quantity SET DEFAULT 2', c.oid::regclass),
       format('DROP INDEX %I.%I', c.relnamespace::regnamespace, c.relname || '_code_created_idx'),
       format('COMMENT ON TABLE %s IS %L', c.oid::regclass, 'changed')
FROM pg_class c WHERE c.relkind = 'r' AND c.relname ~ '^t\d*00$' \gexec
END
}
# The script of psql that plans a way to the snapshot in a file.
plan_script() { # FILE
  printf '%s\n' "\\set target \`cat $1\`" "SELECT * FROM pgmeta_plan_live(:'target'::jsonb)"
}

query() { psql -qXAt -v ON_ERROR_STOP=1 -d "$1" -c "$2"; }
seconds() { # COMMAND...: how long it takes
  local start
  sleep 0.5 # the backend before may still be giving back its memory
  start=$EPOCHREALTIME
  "$@" >/dev/null
  awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.4f\n", b - a }'
}
# Prints by how many MB a script of psql raises the peak of a new backend: without shared buffers, and with those it touches.
memory() { # DATABASE SCRIPT
  psql -qXAt -v ON_ERROR_STOP=1 -d "$1" <<END | awk '/^VmHWM/ { peak[++n] = $2 } /^RssShmem/ { shared[n] = $2 }
    END { all = peak[2] - peak[1]; printf "%.0f %.0f\n", (all - shared[2] + shared[1]) / 1024, all / 1024 }'
SELECT pg_backend_pid() AS pid FROM pgmeta_version() \gset
\setenv BACKEND :pid
\! grep -E 'VmHWM|RssShmem' /proc/\$BACKEND/status
$2 \g /dev/null
\! grep -E 'VmHWM|RssShmem' /proc/\$BACKEND/status
END
}
failed() { echo "$*" >>"$work/failed"; }
report_failures() { if [ -s "$work/failed" ]; then cat "$work/failed" >&2; exit 1; fi; }
median() { sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
calc() { awk "BEGIN { printf(\"$1\", ($2)) }"; }
