#!/usr/bin/env bash
# Installs migration tools for the tests: dbmate, a program in an npm package, to PGMETA_CACHE/tools, and Debian's sqitch.
# Does nothing if all exist. No registry has goose, Flyway or golang-migrate as programs.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

enter_tools
npm_install dbmate dbmate@2.36.0
if ! command -v sqitch >/dev/null || ! perl -MDBD::Pg -e1 2>/dev/null; then apt_install sqitch libdbd-pg-perl; fi
