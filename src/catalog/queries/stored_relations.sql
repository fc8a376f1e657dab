-- What can be locked and what is stored, by name.
SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relkind AS kind, c.relfilenode AS filenode
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'f', 'm', 'v', 'i', 'I', 'S') AND n.nspname <> 'pg_toast'
