SELECT l.oid, n.nspname AS schema, l.collname AS name
FROM pg_catalog.pg_collation l JOIN pg_catalog.pg_namespace n ON n.oid = l.collnamespace
