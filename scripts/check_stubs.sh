#!/usr/bin/env bash
# Tries make new-kind and make new-family in a copy: what they write compiles, and a kind touches at most 12 files.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cd "$repo"
git ls-files -z --cached --others --exclude-standard | xargs -0 -I{} sh -c '[ ! -e "$1" ] || cp --parents -p "$1" "$2"' _ {} "$copy"
cd "$copy"
git init --quiet
git add --all
git -c user.name=pgmeta -c user.email=pgmeta@localhost commit --quiet --message stubs

scripts/new_kind.sh dummy_kind 2>/dev/null
git add --all
touched=$(git diff --cached --name-only | wc -l)
[ "$touched" -le 12 ] || fail "a new kind touches $touched files: $(git diff --cached --name-only | tr '\n' ' ')"
scripts/new_family.sh dummy_family 2>/dev/null

export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$repo/target}
cargo check --quiet --offline --package pgmeta-core --package pgmeta-dummy-family --package pgmeta
cargo test --quiet --offline --package pgmeta-dummy-family >/dev/null
say "a new kind touches $touched files"
