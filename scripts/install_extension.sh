#!/usr/bin/env bash
# Builds pgmeta and installs it: by default into our own installation of a PostgreSQL major version, which tests, demo and
# benchmarks use.
#   install_extension.sh [MAJOR=15] [--release|--debug|--demo] [--machine]
# --machine: into the machine's PostgreSQL.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
major=15 profile=release machine=''
while [ $# -gt 0 ]; do
  case $1 in
    --release) profile=release; shift ;;
    --debug) profile=dev; shift ;;
    --demo) profile=demo; shift ;;
    --machine) machine=1; shift ;;
    [0-9]*) major=$1; shift ;;
    *) fail "usage: install_extension.sh [MAJOR] [--release|--debug|--demo] [--machine]" ;;
  esac
done
if [ -n "$machine" ]; then
  config=$(find_installed_pg_config "$major") ||
    fail "PostgreSQL $major is not installed here: install it with its development files (Debian: postgresql-$major postgresql-server-dev-$major), or set PG_CONFIG to its pg_config"
  [ -e "$("$config" --includedir-server)/postgres.h" ] ||
    fail "the development files of PostgreSQL $major are missing (Debian: postgresql-server-dev-$major)"
else
  config=$("$repo/scripts/pg_config.sh" "$major")
fi
lib=$("$config" --pkglibdir) share=$("$config" --sharedir)/extension
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$repo/target}
# One build at a time: two would write the same library.
mkdir -p "$cache"; exec 9>"$cache/install-$major.lock"; flock 9
cd "$repo"
# pgrx finds the headers of the project's own installations in its config.toml.
if [ -n "$machine" ]; then export PGRX_PG_CONFIG_PATH=$config; fi
build_library "$major" "$profile"
built=$CARGO_TARGET_DIR/${profile/#dev/debug}/libpgmeta.so
control=$(mktemp); trap 'rm -f "$control"' EXIT
control_file >"$control"
mapfile -t sql < <(installed_sql)
writing_into "$lib" mkdir -p "$share"
# Create a new file instead of overwriting: a running server has the old one mapped.
writing_into "$lib" rm -f "$lib/pgmeta.so"
writing_into "$lib" install -m 755 "$built" "$lib/pgmeta.so"
writing_into "$share" install -m 644 -T "$control" "$share/pgmeta.control"
writing_into "$share" install -m 644 "${sql[@]}" "$share/"
say "installed pgmeta $(pgmeta_version) ($profile) into $lib and $share"
