#!/usr/bin/env bash
# Installs programs for the tests of archives to PGMETA_CACHE/tools: object stores (s3s-fs for S3, Azurite for Azure) and
# readers of Parquet (DuckDB, pyarrow). Does nothing if all exist.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
s3s=0.14.1 azurite=3.37.0 duckdb=1.5.5 pyarrow=26.0.1

enter_tools

# It generates the key of a fictitious service account.
if ! command -v openssl >/dev/null; then apt_install openssl; fi

if [ "$(cat s3s-fs.version 2>/dev/null)" != "$s3s" ]; then
  say "installing s3s-fs $s3s (some minutes)"
  target=$(mktemp -d)
  CARGO_TARGET_DIR=$target cargo install --quiet --locked s3s-fs --version "=$s3s" --features binary --root . >&2
  rm -rf "$target"
  echo "$s3s" >s3s-fs.version
fi

if [ ! -x azurite/node_modules/.bin/azurite-blob ]; then
  command -v npm >/dev/null || fail "npm not found: Azurite, the Azure store of the tests, is a package of it"
  say "installing azurite $azurite"
  mkdir -p azurite
  npm install --silent --no-audit --no-fund --prefix azurite "azurite@$azurite" >&2
fi

if [ "$(python/bin/python -c 'import duckdb, pyarrow; print(duckdb.__version__, pyarrow.__version__)' 2>/dev/null)" != "$duckdb $pyarrow" ]; then
  say "installing duckdb $duckdb and pyarrow $pyarrow"
  pip_install python "duckdb==$duckdb" "duckdb-extensions==$duckdb" "duckdb-extension-postgres-scanner==$duckdb" "pyarrow==$pyarrow"
fi
