#!/usr/bin/env bash
# Runs a command with a throwaway PostgreSQL server, and always removes the server.
#   with_server.sh [--pg MAJOR] [--conf LINE]... [--memory] [--keep] -- COMMAND...
# The command gets PGHOST, PGPORT, PGUSER, PGDATABASE, PGDATA, PG_CONFIG, PGMETA_SERVER_DIR (the server's own
# folder) and a PATH that begins with the programs of that major. The server listens on a socket in that folder
# only, so that no port is used. --memory keeps the data and the command's temporary files in memory if there is
# enough: CREATE DATABASE takes half the time. --keep leaves it running and prints how to stop it. The exit status is the command's.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
major=15 keep= memory= conf=()
while [ $# -gt 0 ]; do
  case $1 in
    --pg) major=$2; shift 2 ;;
    --conf) conf+=("$2"); shift 2 ;;
    --memory) memory=1; shift ;;
    --keep) keep=1; shift ;;
    --) shift; break ;;
    *) fail "unknown argument $1 (the command goes after --)" ;;
  esac
done
[ $# -gt 0 ] || fail "no command"
config=$("$repo/scripts/pg_config.sh" "$major")
bin=$("$config" --bindir)

# The caller's own connection settings must not apply.
for name in $(compgen -e PG); do case $name in PGMETA_* | PGRX_*) ;; *) unset "$name" ;; esac; done
export LC_ALL=C.UTF-8
# The server would put backtraces into the details of errors.
unset LANGUAGE RUST_BACKTRACE RUST_LIB_BACKTRACE

# Whether a folder in memory takes all databases of the tests, and the machine has as much beside them.
has_memory() {
  local wanted=8 # GB
  [ "$(df --output=avail -B1G /dev/shm 2>/dev/null | tail -1)" -ge "$wanted" ] &&
    [ "$(awk '/^MemAvailable/ { print int($2 / 1048576) }' /proc/meminfo)" -ge $((2 * wanted)) ]
}
parent=/tmp
# Temporary files of the command, and servers that it starts, too.
if [ -n "$memory" ] && has_memory; then parent=/dev/shm; export TMPDIR=$parent; fi
base=$(mktemp -d "$parent/pgmeta.XXXXXX") # short: a socket's path has at most 107 bytes
data=$base/data child=
finish() {
  local status=$?
  trap '' INT TERM HUP
  if [ -n "$child" ]; then kill -TERM "$child" 2>/dev/null || true; fi
  if [ -z "$keep" ]; then
    if [ -e "$data/postmaster.pid" ]; then server pg_ctl -s -w -m immediate stop >/dev/null 2>&1 || true; fi
    rm -rf "$base"
  fi
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
if is_root; then chown postgres "$base"; fi
# The machine's libpq may be older than that of the server.
libdir=$("$config" --libdir)
if [ -e "$libdir/libpq.so.5" ]; then export LD_LIBRARY_PATH=$libdir; fi
server() { (cd "$base" && as_server env -u RUST_BACKTRACE PGDATA="$data" "$bin/$1" "${@:2}"); }

server initdb -E UTF8 --locale=C -U postgres -A trust --no-sync >"$base/log" 2>&1 || { cat "$base/log" >&2; fail "initdb failed"; }
cat >>"$data/postgresql.conf" <<EOF
listen_addresses = ''
unix_socket_directories = '$base'
port = 54329
fsync = off
synchronous_commit = off
full_page_writes = off
max_worker_processes = 32
EOF
if [ ${#conf[@]} -gt 0 ]; then printf '%s\n' "${conf[@]}" >>"$data/postgresql.conf"; fi
server pg_ctl -s -w -t 60 -l "$base/server.log" start >/dev/null 2>&1 || { cat "$base/server.log" >&2; fail "PostgreSQL $major did not start"; }

export PGHOST=$base PGPORT=54329 PGUSER=postgres PGDATABASE=postgres PGDATA=$data
export PG_CONFIG=$config PGMETA_SERVER_DIR=$base PATH=$bin:$PATH
if [ -n "$keep" ]; then
  say "the server stays: PGHOST=$base PGPORT=$PGPORT PGUSER=postgres; stop it with"
  say "  $(is_root && echo 'runuser -u postgres -- ')$bin/pg_ctl -D $data -m immediate stop; rm -rf $base"
fi
# In the background, so that TERM to this script is handled at once. The subshell restores ^C for the command: psql
# continues, others end.
trap : INT
(trap - INT QUIT; exec "$@") <&0 &
child=$!
while status=0; wait "$child" || status=$?; kill -0 "$child" 2>/dev/null; do :; done
child=
exit "$status"
