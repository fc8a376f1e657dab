#!/usr/bin/env bash
# Runs tests/pg_regress with PostgreSQL's own pg_regress, on the server of with_server.sh, where pgmeta is installed.
#   regress.sh [--accept] [TEST]...     default: every tests/pg_regress/sql/*.sql but setup, by name
# setup.sql runs first and creates the extension; the other tests run one after another in the same database. Prints the
# differences of failed tests. --accept copies the results to the expected files (create a variant NAME_1.out for a major
# version by hand).
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
accept= tests=()
for argument; do case $argument in --accept) accept=1 ;; -*) fail "unknown option $argument" ;; *) tests+=("$argument") ;; esac; done
config=${PG_CONFIG:?run me under scripts/with_server.sh}
input=$repo/tests/pg_regress

# The major's own pg_regress, or that of another major: it only runs psql.
pg_regress=
for pgxs in "$("$config" --pgxs)" "$(own_install 18)/lib/pgxs/src/makefiles/pgxs.mk"; do
  candidate=$(dirname "$pgxs")/../test/regress/pg_regress
  if { "$candidate" --version; } >/dev/null 2>&1; then pg_regress=$candidate; break; fi
done
[ -n "$pg_regress" ] || fail "pg_regress not found: install postgresql-server-dev of this major version"

if [ ${#tests[@]} = 0 ]; then
  for file in "$input"/sql/*.sql; do
    name=$(basename "$file" .sql)
    if [ -e "$file" ] && [ "$name" != setup ]; then tests+=("$name"); fi
  done
fi
if [ -e "$input/sql/setup.sql" ]; then tests=(setup "${tests[@]}"); fi
[ ${#tests[@]} -gt 0 ] || fail "no tests in $input/sql"

# pg_regress hands paths to a shell, and the server's user may not see the repository: it works on a copy.
work=$(mktemp -d /tmp/pgmeta-regress.XXXXXX)
trap 'rm -rf "$work"' EXIT
cp -RL "$input" "$work/in"
mkdir -p "$work/in/expected" "$work/out/results"
# A test without an expected file fails with its whole output as the difference.
for name in "${tests[@]}"; do [ -e "$work/in/expected/$name.out" ] || : >"$work/in/expected/$name.out"; done
chmod 755 "$work"; chmod 777 "$work/out/results"

status=0
"$pg_regress" --bindir="$("$config" --bindir)" --host="$PGHOST" --port="$PGPORT" --user="$PGUSER" \
  --dbname=pgmeta_regress --encoding=UTF8 --no-locale \
  --inputdir="$work/in" --outputdir="$work/out" "${tests[@]}" || status=$?
if [ -n "$accept" ]; then
  mkdir -p "$input/expected"
  for name in "${tests[@]}"; do
    # A result that equals one of the variants stays.
    if ! cmp -s "$work/out/results/$name.out" "$input/expected/$name.out" &&
      ! cmp -s "$work/out/results/$name.out" "$input/expected/${name}_1.out"; then
      cp "$work/out/results/$name.out" "$input/expected/$name.out"; say "accepted $name"
    fi
  done
  exit 0
fi
if [ "$status" != 0 ] && [ -e "$work/out/regression.diffs" ]; then cat "$work/out/regression.diffs"; fi
exit "$status"
