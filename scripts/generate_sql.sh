#!/usr/bin/env bash
# Generates sql/pgmeta--VERSION.sql, the script of CREATE EXTENSION, from the sources: pgrx's declarations in the library,
# and sql/*.sql.
#   generate_sql.sh [--check]      --check: fails if the file differs from the sources
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$repo"
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$repo/target}
version=$(pgmeta_version)
file=sql/pgmeta--$version.sql
# The library that install_extension.sh --debug builds.
build_library 15 dev
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
objcopy --dump-section ".pgrxsc=$work/section" "$CARGO_TARGET_DIR/debug/libpgmeta.so" /dev/null
cargo run --quiet -p generate-sql -- "$work/section" pgmeta.control "$version" >"$work/raw"
{
  echo '\echo Use "CREATE EXTENSION pgmeta" to load this file. \quit'
  # Without pgrx's marks, line numbers and Rust types: the file changes only if the SQL changes.
  sed -E -e '/^\/\*$/,/\*\/$/d' -e '/^\/\* <\/?(begin|end)/d' -e '/^-- (src\/.*:[0-9]+|pgmeta::.*)$/d' \
    -e 's/^CREATE  FUNCTION/CREATE FUNCTION/' -e '/^(\t|\) RETURNS|CREATE FUNCTION|LANGUAGE c)/s| +/\* [^*]* \*/||' "$work/raw" | cat -s
} >"$work/made"
if [ "${1:-}" = --check ]; then
  diff -u "$file" "$work/made" || fail "$file is not what the sources say: run scripts/generate_sql.sh"
else
  cp "$work/made" "$file"; chmod 644 "$file"; say "wrote $file"
fi
