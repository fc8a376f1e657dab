-- Whether functions with these names are volatile.
SELECT n.nspname AS schema, p.proname AS name, pg_catalog.bool_or(p.provolatile = 'v') AS volatile
FROM pg_catalog.pg_proc p
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
WHERE p.proname = ANY ($1)
GROUP BY n.nspname, p.proname
