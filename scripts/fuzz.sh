#!/usr/bin/env bash
# Fuzzes the snapshot's parser and the renderer with cargo fuzz, without sanitizers, so that stable Rust is enough.
#   fuzz.sh [SECONDS=60]
# Failing inputs are kept in fuzz/artifacts; the corpus in fuzz/corpus is not part of the repository.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
seconds=${1:-60}
cd "$repo"
command -v c++ >/dev/null || fail "please install g++: libFuzzer is C++"
command -v cargo-fuzz >/dev/null || cargo install --quiet --locked cargo-fuzz --version "^0.13"
mkdir -p fuzz/corpus/snapshot
cargo fuzz run --sanitizer none snapshot fuzz/corpus/snapshot fuzz/seeds -- \
  -max_total_time="$seconds" -dict=fuzz/snapshot.dict -max_len=20000 -timeout=20 -print_final_stats=1
