#!/usr/bin/env bash
# Runs the e2e tests on the server of with_server.sh, on which pgmeta is installed.
#   e2e.sh [TEST|OPTION]...      the arguments are those of the test program: parts of tests' names, --skip, --include-ignored
# With PGMETA_RETRY=1, up to three failed tests run once more, alone; those that then pass are reported as flaky.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
: "${PG_CONFIG:?run me under scripts/with_server.sh}"
cd "$repo"
log=$(mktemp); trap 'rm -f "$log"' EXIT
status=0
test_e2e -- --test-threads=3 "$@" 2>&1 | tee "$log" || status=$?
mapfile -t failed < <(awk '/^failures:$/ { names = 1; next } /^test result/ { names = 0 } names && /^    [a-z_0-9:]+$/ { print $1 }' "$log" | sort -u)
if [ "$status" = 0 ] || [ "${PGMETA_RETRY:-}" != 1 ] || [ ${#failed[@]} = 0 ] || [ ${#failed[@]} -gt 3 ]; then exit "$status"; fi
for name in "${failed[@]}"; do
  echo "-- once more, alone: $name"
  test_e2e -- --exact "$name" || exit 1
done
printf 'FLAKY: %s\n' "${failed[@]}"
