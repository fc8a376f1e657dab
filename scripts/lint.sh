#!/usr/bin/env bash
# The checks that need no server; without an argument all of them.
#   lint.sh [words|fmt|clippy|doc|machete]
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$repo"
machete() { # unused dependencies
  command -v cargo-machete >/dev/null || cargo install --quiet --locked cargo-machete --version "^0.9"
  cargo machete --skip-target-dir .
}
case ${1:-} in
  words) scripts/check_words.py ;;
  fmt) cargo fmt --all --check ;;
  clippy) cargo clippy --quiet --workspace --all-targets -- -D warnings ;;
  doc) RUSTDOCFLAGS='-D warnings' cargo doc --quiet --workspace --no-deps --document-private-items ;;
  machete) machete ;;
  '') for check in words fmt clippy doc machete; do "$0" "$check"; done ;;
  *) fail "usage: lint.sh [words|fmt|clippy|doc|machete]" ;;
esac
