-- The names among these that a volatile function has, in any schema.
SELECT DISTINCT p.proname AS name FROM pg_catalog.pg_proc p WHERE p.provolatile = 'v' AND p.proname = ANY ($1)
