SELECT oid, extname AS name, extnamespace AS schema, extversion AS version
FROM pg_catalog.pg_extension
WHERE oid >= 16384
