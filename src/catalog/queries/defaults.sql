-- Defaults and generation expressions.
SELECT d.adrelid AS relation, d.adnum AS number, d.oid, {{default_tree}} AS tree, {{default_text}} AS expression
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_attrdef d ON d.adrelid = c.oid
WHERE c.relnamespace = ANY($1) OR c.oid = ANY($2)
