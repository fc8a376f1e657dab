SELECT pg_catalog.to_regtype($1)::pg_catalog.oid AS oid
