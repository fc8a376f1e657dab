#!/usr/bin/env bash
# Runs migration files by the tools that they are written for, up and down, on the server of with_server.sh:
#   with_server.sh --conf "listen_addresses = '127.0.0.1'" -- check_formats.sh [FORMAT]...
# Java uses TCP only, hence --conf; the other formats do not need it. The results are compared with psql's by pg_dump -s
# before and after, and by an event trigger that records each statement with its transaction and timeouts.
#
# The real tools: psql; dbmate 2.36.0 and Liquibase 4.28.0 of the npm packages dbmate and liquibase, which contain the whole
# programs; sqitch of Debian. Simulated tools: golang-migrate, flyway and goose are not in Debian, npm, PyPI or crates.io
# (npm's goose-cli, node-flywaydb and others download a program from elsewhere). Their files are divided as their sources do
# it, and psql sends the parts. That tests the files, not the tools.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$repo"
[ -d "${PGMETA_SERVER_DIR:-}" ] || fail "no server: run me under scripts/with_server.sh"
formats=("$@")
[ $# -gt 0 ] || formats=(plain dbmate liquibase sqitch golang-migrate flyway goose)
work=$PGMETA_SERVER_DIR/formats
mkdir -p "$work"
tools=$cache/formats
node=$tools/node_modules

install_npm() { [ -d "$node/$1" ] || npm install --silent --no-fund --no-audit --ignore-scripts --prefix "$tools" "$1@$2" >&2; }
install_debian() { # COMMAND PACKAGE...
  command -v "$1" >/dev/null || apt_install "${@:2}"
}
query() { psql -qXAt -v ON_ERROR_STOP=1 -d "$db" "$@"; }

# The state before every migration, and the trigger that records statements.
prepare() {
  createdb -T template0 "$db"
  query <<'SQL'
CREATE SCHEMA app;
CREATE TYPE app.mood AS ENUM ('sad');
CREATE SCHEMA notes;
CREATE FUNCTION notes.take() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_query() LIKE '%app.%' THEN
        RAISE LOG 'ran %,%,%,%,%,%', current_database(), tg_tag,
            (SELECT virtualtransaction FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'virtualxid'),
            current_setting('lock_timeout'), current_setting('statement_timeout'),
            CASE WHEN tg_tag LIKE '%FUNCTION' THEN current_setting('check_function_bodies') END;
    END IF;
END $$;
CREATE EVENT TRIGGER take ON ddl_command_start EXECUTE FUNCTION notes.take();
SQL
}
dump() { pg_dump -s -n app "$db" | grep -Ev '^(--|\\(un)?restrict |$)' || true; }
# Prints what ran since the last call. Transactions are numbered from 1, because their IDs differ. The trigger writes to the
# log: a row would give the transaction an ID, and DROP INDEX CONCURRENTLY would fail.
notes() {
  sed -n "s/^.* LOG:  ran $db,//p" "$PGMETA_SERVER_DIR/server.log" | tail -n "+$((noted + 1))" |
    awk -F, -v OFS=, '!($2 in number) { number[$2] = ++count } { $2 = number[$2]; print }'
  noted=$(grep -c " LOG:  ran $db," "$PGMETA_SERVER_DIR/server.log")
}
same() { diff -u "$1" "$2" >&2 || fail "$format: ${1##*/} and ${2##*/} differ"; }

# Each function runs the files in $files on $db, in the direction $1.
run_plain() { query -f "$files/add_t.$1.sql"; }
run_dbmate() {
  install_npm dbmate 2.36.0
  local url="postgres://postgres@/$db?host=$PGHOST&port=$PGPORT&sslmode=disable" file
  dbmate() { "$node/@dbmate/linux-x64/bin/dbmate" --url "$url" --migrations-dir "$files" --no-dump-schema "$@"; }
  if [ "$1" = up ]; then dbmate migrate; else for file in "$files"/*; do dbmate rollback; done; fi
}
run_liquibase() {
  install_npm liquibase 4.28.1
  install_debian java default-jre-headless
  psql -qXAt -h 127.0.0.1 -c '' || fail "Java needs TCP: --conf \"listen_addresses = '127.0.0.1'\""
  local changelog=20240131120000_add_t.sql command
  command=(update)
  [ "$1" = up ] || command=(rollback-count "--count=$(grep -c '^--changeset' "$files/$changelog")")
  java -cp "$node/liquibase/dist/liquibase/internal/lib/*" liquibase.integration.commandline.LiquibaseCommandLine \
    --show-banner=false --search-path="$files" --headless=true --log-level=warning \
    "${command[@]}" --changelog-file="$changelog" --username=postgres \
    --url="jdbc:postgresql://127.0.0.1:$PGPORT/$db"
}
run_sqitch() {
  install_debian sqitch sqitch libdbd-pg-perl
  sqitch() { (cd "$files" && SQITCH_FULLNAME=pgmeta SQITCH_EMAIL=pgmeta@localhost command sqitch --quiet "$@"); }
  if [ "$1" = up ]; then
    sqitch init formats --engine pg --target "db:pg:$db"
    cat "$files/sqitch.plan.add" >>"$files/sqitch.plan"
    sqitch deploy --verify
    sqitch verify
  else
    sqitch revert -y
  fi
}
# golang-migrate: one string for each file, all in one session.
run_golang-migrate() {
  local strings=() list file
  list=$(printf '%s\n' "$files"/*."$1".sql)
  [ "$1" = up ] || list=$(tac <<<"$list")
  while read -r file; do strings+=(-c "$(cat "$file")"); done <<<"$list"
  query "${strings[@]}"
}
# Flyway: a transaction for each script whose configuration does not say otherwise.
run_flyway() {
  local list file letter=V
  [ "$1" = up ] || letter=U
  list=$(printf '%s\n' "$files/$letter"*.sql)
  [ "$1" = up ] || list=$(tac <<<"$list")
  while read -r file; do
    if grep -qs executeInTransaction=false "$file.conf"; then echo "\\i $file"; else echo "BEGIN; \\i $file"; echo "COMMIT;"; fi
  done <<<"$list" | query
}
# goose: each statement by itself.
run_goose() {
  local strings=() statement
  while IFS= read -r -d '' statement; do strings+=(-c "$statement"); done < <(python3 scripts/goose_statements.py "$1" "$files"/*.sql)
  query "${strings[@]}"
}

# The output of a tool is shown if it fails.
log=/dev/null
trap 'status=$?; [ $status = 0 ] || cat "$log" >&2' EXIT
cargo build --quiet -p pgmeta-core --example migration_files
example=${CARGO_TARGET_DIR:-$repo/target}/debug/examples/migration_files
for format in plain "${formats[@]}"; do
  if [ "$format" = plain ] && [ -e "$work/plain" ]; then continue; fi
  declare -F "run_$format" >/dev/null || fail "no format $format"
  db=formats_${format/-/_} files=$work/$format/files
  mkdir -p "$files"
  "$example" "$format" "$files"
  noted=0
  prepare
  dump >"$work/$format/before"
  for direction in up down; do
    log=$work/$format/$direction.log
    "run_$format" $direction >"$log" 2>&1
    dump >"$work/$format/$direction"
    notes >"$work/$format/$direction.ran"
    cut -d , -f 1,2 "$work/$format/$direction.ran" >"$work/$format/$direction.order"
    # dbmate reverts each file in its own session: statements outside of transactions then have the server's timeouts.
    if [ $format-$direction = dbmate-down ]; then judge=order; else judge=ran; fi
    same "$work/plain/$direction.$judge" "$work/$format/$direction.$judge"
    same "$work/plain/$direction" "$work/$format/$direction"
  done
  same "$work/$format/before" "$work/$format/down"
  if cmp -s "$work/$format/before" "$work/$format/up"; then fail "$format: nothing ran"; fi
  say "$format: up and down"
done
