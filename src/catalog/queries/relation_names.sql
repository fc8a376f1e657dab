SELECT oid, relnamespace AS schema, relname AS name, relkind AS kind
FROM pg_catalog.pg_class
WHERE relkind IN ('r', 'p', 'f', 'v', 'm', 'S', 'c', 'I')
