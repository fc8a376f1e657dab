#!/usr/bin/env bash
# Installs what judges other SQL dialects and the REST interface in the tests: Debian's MariaDB server, and from PyPI to
# PGMETA_CACHE/tools sqlfluff, a parser of T-SQL, and openapi-spec-validator. Does nothing if all exist.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
sqlfluff=4.5.0 openapi=0.9.0

enter_tools
if ! command -v mariadbd >/dev/null || ! command -v mariadb >/dev/null; then apt_install mariadb-server mariadb-client; fi

if [ "$(sqlfluff/bin/python -c 'import sqlfluff; print(sqlfluff.__version__)' 2>/dev/null)" != "$sqlfluff" ]; then
  say "installing sqlfluff $sqlfluff"
  pip_install sqlfluff "sqlfluff==$sqlfluff"
fi

if [ "$(openapi/bin/python -c 'import importlib.metadata as m; print(m.version("openapi-spec-validator"))' 2>/dev/null)" != "$openapi" ]; then
  say "installing openapi-spec-validator $openapi"
  pip_install openapi "openapi-spec-validator==$openapi"
fi
