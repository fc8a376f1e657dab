#!/usr/bin/env bash
# Builds the package of PostgreSQL 15, installs it with apt, uses it on a cluster of the machine's PostgreSQL, updates from
# 0.1.0, and removes it without leftovers. Requires root on Debian; the machine's PostgreSQL must not have pgmeta.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
major=15
is_root || fail "apt needs root"
name=postgresql-$major-pgmeta
folders=(/usr/lib/postgresql/$major /usr/share/postgresql/$major)
if [ -n "$(find "${folders[@]}" -name 'pgmeta*')" ]; then fail "pgmeta is in the machine's PostgreSQL already: make uninstall"; fi
file=$("$repo/scripts/package.sh" "$major")
for entry in copyright THIRD_PARTY_LICENSES pgmeta.cdx.json; do
  [ -n "$(dpkg-deb --fsys-tarfile "$file" | tar xO "./usr/share/doc/$name/$entry")" ] || fail "$entry is not in $file"
done

log=$(mktemp)
old=/usr/share/postgresql/$major/extension/pgmeta--0.1.0.sql
finish() { apt-get -qy purge "$name" >/dev/null 2>&1 || true; rm -f "$old" "$log"; }
trap finish EXIT
apt() { apt-get -qy -o DPkg::Lock::Timeout=900 "$@" >"$log" 2>&1 || { cat "$log" >&2; fail "apt-get $1 failed"; }; }

say "installing $file"
apt install "$file"
as_installed() { PGMETA_PG_CONFIG=/usr/lib/postgresql/$major/bin/pg_config "$repo/scripts/with_server.sh" --pg $major -- "$@"; }

say "the demo's queries"
as_installed "$repo/scripts/demo.sh" --inside >"$log" 2>&1 || { cat "$log" >&2; fail "the demo failed"; }

say "the version, and an update from 0.1.0"
# A package is optimized, so its version has no note.
as_installed bash -euc '
  createdb new
  psql -qX -v ON_ERROR_STOP=1 -d new -c "CREATE EXTENSION pgmeta"
  test "$(psql -qXAt -d new -c "SELECT pgmeta_version() = extversion FROM pg_extension WHERE extname = '"'pgmeta'"'")" = t
  cp "$1" "$2"
  createdb old
  psql -qX -v ON_ERROR_STOP=1 -d old -c "CREATE EXTENSION pgmeta VERSION '"'0.1.0'"'" -c "ALTER EXTENSION pgmeta UPDATE"
  psql -qXAt -v ON_ERROR_STOP=1 -d old -c "SELECT length(pgmeta_export()) > 0" | grep -qx t
' _ "$repo/sql/pgmeta--0.1.0.sql" "$old" || fail "the update failed"
rm -f "$old"

say "removing $name"
apt purge "$name"
rest=$(find "${folders[@]}" "/usr/share/doc/$name" -name 'pgmeta*' 2>/dev/null || true)
[ -z "$rest" ] || fail "not removed: $rest"
echo "package of PostgreSQL $major: installed, used, updated and removed"
