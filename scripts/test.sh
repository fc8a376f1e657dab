#!/usr/bin/env bash
# Runs the tests against a PostgreSQL major version and ends with the time of each step and one line: N passed, N failed.
#   test.sh [MAJOR=15] [--sql]     --sql: only the SQL surface
# The lints, the pure crates and the documents run for 15 only.
# Every step runs, even after a failed one. A step without its own tests (a lint) counts as one.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
major=15 sql=
for argument; do case $argument in --sql) sql=1 ;; [0-9]*) major=$argument ;; *) fail "unknown argument $argument" ;; esac; done
cd "$repo"
# Tests of pgmeta's own code, which do not depend on the server's version. The cases of lint have goldens of 15: on 14,
# schema public has other privileges.
own=(archive_readers archive_stores browser diagrams dialects::conditions dialects::mariadb dialects::mssql dialects::rows encodings fuzz_smoke house interrupts lint memory migration_tools name_lookup openapi property reaction
  refusals settings traffic)
log=$(mktemp); trap 'rm -f "$log"' EXIT
passed=0 failed=0 broken=() flaky=() times=()

# The numbers of passed and failed tests in a step's output: of cargo, and of pg_regress in both formats.
count() {
  awk '/^test result: / { for (i = 1; i < NF; i++) { if ($(i + 1) == "passed;") p += $i; if ($(i + 1) == "failed;") f += $i } }
    /^ok [0-9]+ / || /^test .* \.\.\. ok +[0-9]+ ms/ { p++ }
    /^FLAKY: / { f-- }
    /^not ok [0-9]+ / || /^test .* \.\.\. FAILED +[0-9]+ ms/ { f++ }
    END { print p + 0, f + 0 }' "$log"
}

step() { # NAME COMMAND...
  local name=$1 status=0 good bad start=$SECONDS; shift
  printf '\n== %s\n' "$name"
  "$@" 2>&1 | tee "$log" || status=$?
  read -r good bad < <(count)
  if [ "$status" != 0 ] && [ "$bad" = 0 ]; then bad=1; fi
  if [ "$status" = 0 ] && [ "$good" = 0 ]; then good=1; fi
  passed=$((passed + good)) failed=$((failed + bad))
  times+=("$(printf '%5d s  %s' $((SECONDS - start)) "$name")")
  mapfile -t -O ${#flaky[@]} flaky < <(sed -n "s/^FLAKY: \(.*\)/\1 ($name)/p" "$log")
  if [ "$bad" != 0 ]; then broken+=("$name"); return 1; fi
}

whole=
if [ "$major" = 15 ] && [ -z "$sql" ]; then whole=1; fi
if [ -n "$whole" ]; then say "all tests on PostgreSQL 15 take about 25 minutes on two cores, the first time 35"
elif [ -n "$sql" ]; then say "the SQL surface on PostgreSQL $major takes about 10 minutes on two cores"
else say "the tests on PostgreSQL $major take about 15 minutes on two cores"
fi
scripts/setup.sh "$major"
# These mostly wait for the network, and are needed late. The SQL surface needs object stores, but no tools of migrations, diagrams and dialects.
installers=(scripts/setup_stores.sh)
if [ -z "$sql" ]; then installers+=(scripts/setup_tools.sh scripts/setup_diagram_tools.sh scripts/setup_dialect_tools.sh); fi
tools=$(mktemp); trap 'rm -f "$log" "$tools"' EXIT
(for installer in "${installers[@]}"; do "$installer"; done) >"$tools" 2>&1 &
installing=$!
if [ -n "$whole" ]; then
  for check in words fmt clippy kinds stubs doc machete deny; do step "$check" scripts/lint.sh "$check" || true; done
fi
# In one build, so that cargo has work for every core until the end.
if [ -n "$whole" ]; then targets=(--tests --bins); else targets=(--test e2e); fi
step "build" build_library "$major" dev "${targets[@]}" || true
if [ -n "$whole" ]; then step "pure crates" test_crates || true; fi
if step "install into PostgreSQL $major" scripts/install_extension.sh "$major" --debug; then
  if [ -n "$whole" ]; then
    step "SQL of the extension" scripts/generate_sql.sh --check || true
    step "documents" scripts/with_server.sh --pg 15 --memory --conf 'wal_level = logical' -- scripts/check_docs.sh || true
  fi
  step "pg_regress on $major" scripts/with_server.sh --pg "$major" --memory -- scripts/regress.sh || true
  status=0; wait "$installing" || status=$?
  step "programs that judge" bash -c 'cat "$1"; exit "$2"' _ "$tools" "$status" || true
  skip=()
  if [ -n "$sql" ]; then
    for module in "${own[@]}"; do skip+=(--skip "$module::"); done
  fi
  step "e2e on $major" scripts/with_server.sh --pg "$major" --memory -- env PGMETA_RETRY=1 scripts/e2e.sh "${skip[@]}" || true
fi

printf '\nHow long each step took:\n'
printf '%s\n' "${times[@]}"
if [ ${#flaky[@]} -gt 0 ]; then printf 'failed beside others, passed alone: %s\n' "${flaky[@]}"; fi
if [ ${#broken[@]} -gt 0 ]; then printf 'failed: %s\n' "${broken[@]}"; fi
echo "PostgreSQL $major: $passed passed, $failed failed"
[ "$failed" = 0 ]
