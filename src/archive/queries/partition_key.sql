SELECT pg_catalog.format('%s of %s', pg_catalog.pg_get_partkeydef($1::oid), $1::oid::pg_catalog.regclass) AS key
