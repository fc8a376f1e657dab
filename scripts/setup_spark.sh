#!/usr/bin/env bash
# Installs Spark (PyPI, 430 MB) to PGMETA_CACHE/tools, and Debian's Java if there is none: for tests that read Parquet
# files. Does nothing if both exist.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
spark=4.3.0

enter_tools

if ! command -v java >/dev/null; then apt_install openjdk-17-jre-headless; fi

if [ "$(spark/bin/python -c 'import pyspark; print(pyspark.__version__)' 2>/dev/null)" != "$spark" ]; then
  say "installing pyspark $spark"
  python3 -m venv spark 2>/dev/null || python3 -m venv --without-pip spark
  if [ -x spark/bin/pip ]; then pip=(spark/bin/pip); else pip=(python3 -m pip --python spark/bin/python); fi
  "${pip[@]}" install -q --disable-pip-version-check "pyspark==$spark" >&2
fi
