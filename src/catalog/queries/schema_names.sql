SELECT oid, nspname AS name FROM pg_catalog.pg_namespace
