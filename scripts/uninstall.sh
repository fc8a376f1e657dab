#!/usr/bin/env bash
# Removes what `make install` put into the machine's PostgreSQL, and the files of setup, demo and tests outside of the
# repository.
#   uninstall.sh [MAJOR=15]
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
major=${1:-15}
if config=$(find_installed_pg_config "$major"); then
  lib=$("$config" --pkglibdir) share=$("$config" --sharedir)/extension
  files=()
  for file in "$lib/pgmeta.so" "$share/pgmeta.control" "$share"/pgmeta--*.sql; do [ -e "$file" ] && files+=("$file"); done
  if [ ${#files[@]} -gt 0 ]; then
    writing_into "$lib" rm -f "${files[@]}"
    say "removed ${#files[@]} files from $lib and $share"
  else
    say "pgmeta is not installed in PostgreSQL $major"
  fi
fi
if [ -d "$cache" ]; then rm -rf "$cache"; say "removed $cache"; fi
toml=${PGRX_HOME:-$HOME/.pgrx}/config.toml
if [ -e "$toml" ]; then sed -i "\|\"$cache/|d" "$toml"; fi
say "not removed: apt packages, and the build in target/ (make clean)"
say "databases that have the extension keep its objects: DROP EXTENSION pgmeta there, best before this"
