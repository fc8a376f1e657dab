-- The schemas that a script names, and those of the search path, which come first and have a place in it.
SELECT n.nspname AS name, path.place
FROM pg_catalog.pg_namespace n
LEFT JOIN pg_catalog.unnest($2) WITH ORDINALITY path (oid, place) ON path.oid = n.oid
WHERE n.nspname = ANY ($1) OR path.place IS NOT NULL
ORDER BY path.place, n.nspname
