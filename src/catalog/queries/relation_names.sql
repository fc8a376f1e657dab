-- TOAST tables only where they have options of their own, which are their tables'.
SELECT oid, relnamespace AS schema, relname AS name, relkind AS kind,
       CASE WHEN relkind = 't' THEN reloptions END AS toast_options
FROM pg_catalog.pg_class
WHERE relkind <> 'i' AND (relkind <> 't' OR reloptions IS NOT NULL)
