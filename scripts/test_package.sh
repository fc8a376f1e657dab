#!/usr/bin/env bash
# Builds the package of PostgreSQL 15, installs it with apt, uses it on a cluster of the machine's PostgreSQL, updates from 0.1.0, and
# removes it: then nothing of it is left. As root on Debian; the machine's PostgreSQL must not have pgmeta.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
major=15
is_root || fail "apt needs root"
file=$("$repo/scripts/package.sh" "$major")
name=postgresql-$major-pgmeta
folders=(/usr/lib/postgresql/$major /usr/share/postgresql/$major)
if [ -n "$(find "${folders[@]}" -name 'pgmeta*')" ]; then fail "pgmeta is in the machine's PostgreSQL already: make uninstall"; fi
trap 'apt-get -qy purge "$name" >/dev/null 2>&1 || true; rm -f "/usr/share/postgresql/$major/extension/pgmeta--0.1.0.sql"' EXIT
apt-get -qy install "$file" >/dev/null
PGMETA_PG_CONFIG=/usr/lib/postgresql/$major/bin/pg_config "$repo/scripts/with_server.sh" --pg $major -- bash -euc '
  createdb shop
  psql -qX -v ON_ERROR_STOP=1 -d shop -f "$1/tests/fixtures/sample_app.sql" -c "CREATE EXTENSION pgmeta" >/dev/null
  psql -qXAt -v ON_ERROR_STOP=1 -d shop -c "SELECT pgmeta_ddl('"'app.price_rules'"')" | grep -q "CREATE TABLE app.price_rules"
  test "$(psql -qXAt -d shop -c "SELECT extversion = pgmeta_version() FROM pg_extension WHERE extname = '"'pgmeta'"'")" = t
  cp "$1/sql/pgmeta--0.1.0.sql" /usr/share/postgresql/15/extension/
  createdb old
  psql -qX -v ON_ERROR_STOP=1 -d old -c "CREATE EXTENSION pgmeta VERSION '"'0.1.0'"'" -c "ALTER EXTENSION pgmeta UPDATE"
  rm /usr/share/postgresql/15/extension/pgmeta--0.1.0.sql
  psql -qXAt -v ON_ERROR_STOP=1 -d old -c "SELECT length(pgmeta_export()) > 0" | grep -qx t
' _ "$repo"
apt-get -qy purge "$name" >/dev/null
left=$(find "${folders[@]}" "/usr/share/doc/$name" -name 'pgmeta*' 2>/dev/null || true)
[ -z "$left" ] || fail "left behind: $left"
say "$name: installed, used, updated and removed"
