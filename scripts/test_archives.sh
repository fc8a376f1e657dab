#!/usr/bin/env bash
# Runs all tests of archives, including those with Spark, which test.sh skips.
#   test_archives.sh [MAJOR=15]
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
major=${1:-15}
cd "$repo"
scripts/setup.sh "$major"
scripts/setup_stores.sh
scripts/setup_spark.sh
scripts/install_extension.sh "$major" --debug
cargo test --quiet -p pgmeta-archive
test_e2e --no-run
scripts/with_server.sh --pg "$major" -- scripts/e2e.sh --include-ignored archive
