#!/usr/bin/env bash
# Builds pgmeta and installs it into a PostgreSQL major version's own folders.
#   install_extension.sh [MAJOR=15] [--release|--debug]      default: release
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
major=15 profile=--release
for argument; do
  case $argument in
    --release) profile=--release ;;
    --debug) profile= ;;
    [0-9]*) major=$argument ;;
    *) fail "usage: install_extension.sh [MAJOR] [--release|--debug]" ;;
  esac
done
config=$("$repo/scripts/pg_config.sh" "$major")
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$repo/target}

sudo=
if ! [ -w "$("$config" --pkglibdir)" ]; then
  sudo -n true 2>/dev/null || fail "$("$config" --pkglibdir) is not writable: run me as root, or use PG=16 or PG=18, whose folders are your own"
  sudo=--sudo
fi
# The installation is one for the machine: one at a time. No terminal colours in logs.
mkdir -p "$cache"; exec 9>"$cache/install-$major.lock"; flock 9
cd "$repo"
cargo pgrx install $profile $sudo --pg-config "$config" --no-default-features --features "pg$major"
