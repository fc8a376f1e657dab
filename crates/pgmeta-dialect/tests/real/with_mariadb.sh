#!/usr/bin/env bash
# Runs a command with a throwaway MariaDB server, whose socket is in MARIADB_SOCKET: with_mariadb.sh COMMAND... The server runs as user
# mysql, in memory, without a port.
set -euo pipefail
base=$(mktemp -d /dev/shm/pgmeta-mariadb.XXXXXX)
chown mysql "$base"
as_mysql=(setpriv --reuid=mysql --regid=mysql --clear-groups)
server=
finish() {
  if [ -n "$server" ]; then kill -TERM "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi
  rm -rf "$base"
}
trap finish EXIT
"${as_mysql[@]}" mariadb-install-db --no-defaults --datadir="$base/data" --auth-root-authentication-method=normal --skip-test-db >"$base/log" 2>&1 ||
  { cat "$base/log" >&2; exit 1; }
"${as_mysql[@]}" mariadbd --no-defaults --datadir="$base/data" --socket="$base/socket" --pid-file="$base/pid" --skip-networking \
  --character-set-server=utf8mb4 --innodb-flush-log-at-trx-commit=0 --innodb-buffer-pool-size=64M >>"$base/log" 2>&1 &
server=$!
for _ in $(seq 200); do
  if mariadb-admin --no-defaults --socket="$base/socket" -u root ping >/dev/null 2>&1; then break; fi
  sleep 0.1
done
MARIADB_SOCKET=$base/socket "$@"
