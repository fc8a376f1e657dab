#!/usr/bin/env bash
# Installs migration tools for the tests: dbmate, a program in an npm package, to PGMETA_CACHE/tools, and Debian's sqitch.
# Does nothing if all exist. No registry has goose, Flyway or golang-migrate as programs.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
dbmate=2.36.0

mkdir -p "$cache/tools"
exec 9>"$cache/tools.lock"; flock 9
cd "$cache/tools"

if [ "$(cat dbmate.version 2>/dev/null)" != "$dbmate" ]; then
  command -v npm >/dev/null || fail "npm not found: dbmate is a package of it"
  say "installing dbmate $dbmate"
  mkdir -p dbmate
  npm install --silent --no-audit --no-fund --ignore-scripts --prefix dbmate "dbmate@$dbmate" >&2
  echo "$dbmate" >dbmate.version
fi

if ! command -v sqitch >/dev/null || ! perl -MDBD::Pg -e1 2>/dev/null; then
  is_root || fail "sqitch is not installed: apt-get install sqitch libdbd-pg-perl"
  say "installing sqitch"
  apt=(apt-get -qq -y -o DPkg::Lock::Timeout=900)
  DEBIAN_FRONTEND=noninteractive "${apt[@]}" install --no-install-recommends sqitch libdbd-pg-perl >/dev/null || {
    "${apt[@]}" update >/dev/null
    DEBIAN_FRONTEND=noninteractive "${apt[@]}" install --no-install-recommends sqitch libdbd-pg-perl >/dev/null
  }
fi
