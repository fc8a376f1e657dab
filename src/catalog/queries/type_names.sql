-- Distinct first: format_type once for each type in use, not for each column.
SELECT t.oid, t.typmod, pg_catalog.format_type(t.oid, t.typmod) AS name
FROM (
    SELECT DISTINCT a.atttypid AS oid, a.atttypmod AS typmod
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
    WHERE (c.relnamespace = ANY($1) OR c.oid = ANY($2)) AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'c')
      AND a.attnum > 0 AND NOT a.attisdropped
) t
