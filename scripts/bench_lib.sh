# Sourced by the benchmarks: common arguments and measurements. Sets major, runs, build, inside and arguments. The benchmark
# must set sizes and runs before, and define `option` for its own arguments.
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

query() { psql -qXAt -v ON_ERROR_STOP=1 -d "$1" -c "$2"; }
seconds() { # COMMAND...: how long it takes
  local start
  sleep 0.5 # the backend before may still be giving back its memory
  start=$EPOCHREALTIME
  "$@" >/dev/null
  awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.4f\n", b - a }'
}
median() { sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
calc() { awk "BEGIN { printf(\"$1\", ($2)) }"; }
