#!/usr/bin/env bash
# Runs the tests of the claims in SECURITY.md: a part of test.sh, for changes of rights, memory or messages.
#   test_security.sh [MAJOR=15]
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
major=${1:-15}
cd "$repo"
tests=(house interrupts name_lookup owners_code trust roles memory reaction refusals archive_stores migration_tools encodings)
scripts/setup.sh "$major"
scripts/setup_stores.sh
scripts/setup_tools.sh
scripts/install_extension.sh "$major" --debug
cargo test --quiet -p pgmeta-core -- hostile secrets
test_e2e --no-run
scripts/with_server.sh --pg "$major" -- scripts/e2e.sh "${tests[@]/%/::}"
