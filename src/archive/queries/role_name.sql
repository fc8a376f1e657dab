SELECT pg_catalog.quote_ident(pg_catalog.pg_get_userbyid($1::oid)) AS name
