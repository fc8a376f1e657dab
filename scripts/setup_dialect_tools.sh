#!/usr/bin/env bash
# Installs what judges other SQL dialects in the tests: Debian's MariaDB server, and sqlfluff, a parser of T-SQL from PyPI, to
# PGMETA_CACHE/tools. Does nothing if all exist.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
sqlfluff=4.5.0

enter_tools
if ! command -v mariadbd >/dev/null || ! command -v mariadb >/dev/null; then apt_install mariadb-server mariadb-client; fi

if [ "$(sqlfluff/bin/python -c 'import sqlfluff; print(sqlfluff.__version__)' 2>/dev/null)" != "$sqlfluff" ]; then
  say "installing sqlfluff $sqlfluff"
  pip_install sqlfluff "sqlfluff==$sqlfluff"
fi
