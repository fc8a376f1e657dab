SELECT pg_catalog.parse_ident($1) AS names
