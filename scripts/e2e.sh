#!/usr/bin/env bash
# Runs the e2e tests, on the server of with_server.sh, where pgmeta is installed.
#   e2e.sh [TEST|OPTION]...      the arguments are those of the test program: parts of tests' names, --skip, --include-ignored
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
: "${PG_CONFIG:?run me under scripts/with_server.sh}"
cd "$repo"
test_e2e -- --test-threads=2 "$@"
