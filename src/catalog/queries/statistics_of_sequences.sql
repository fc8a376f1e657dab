-- The last values of sequences. NULL: it was never used, or the caller may not see it.
SELECT n.nspname AS schema, c.relname AS name,
       CASE WHEN pg_catalog.has_sequence_privilege(c.oid, 'SELECT, USAGE') AND (c.relpersistence = 'p' OR NOT pg_catalog.pg_is_in_recovery())
           THEN pg_catalog.pg_sequence_last_value(c.oid) END AS last_value
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'S' AND c.relpersistence <> 't' AND c.relnamespace = ANY($1)
