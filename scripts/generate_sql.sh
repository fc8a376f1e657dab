#!/usr/bin/env bash
# Writes sql/pgmeta--VERSION.sql, what CREATE EXTENSION runs, from the sources: pgrx prints the functions, sql/*.sql are part of it.
#   generate_sql.sh [--check]      --check: fails where the file is not what the sources say
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$repo"
pgrx=0.18.0
file=sql/pgmeta--$(pgmeta_version).sql
if [ "$(cargo pgrx --version 2>/dev/null)" != "cargo-pgrx $pgrx" ]; then
  say "installing cargo-pgrx $pgrx, not optimized (a minute or two)"
  cargo install --quiet --debug --locked cargo-pgrx --version "=$pgrx" >&2
fi
config=$("$repo/scripts/pg_config.sh" 15)
made=$(mktemp) log=$(mktemp); trap 'rm -f "$made" "$log"' EXIT
cargo pgrx schema pg15 --pg-config "$config" --no-default-features --features pg15 --out "$made.raw" >"$log" 2>&1 ||
  { cat "$log" >&2; fail "cargo pgrx schema failed"; }
{
  echo '\echo Use "CREATE EXTENSION pgmeta" to load this file. \quit'
  # Without pgrx's marks, line numbers and Rust types: the file differs only where the SQL does.
  sed -E -e '/^\/\*$/,/\*\/$/d' -e '/^\/\* <\/?(begin|end)/d' -e '/^-- (src\/.*:[0-9]+|pgmeta::.*)$/d' \
    -e 's/^CREATE  FUNCTION/CREATE FUNCTION/' -e '/^(\t|\) RETURNS|CREATE FUNCTION|LANGUAGE c)/s| +/\* [^*]* \*/||' "$made.raw" | cat -s
} >"$made"
rm -f "$made.raw"
if [ "${1:-}" = --check ]; then
  diff -u "$file" "$made" || fail "$file is not what the sources say: run scripts/generate_sql.sh"
else
  cp "$made" "$file"; chmod 644 "$file"; say "wrote $file"
fi
