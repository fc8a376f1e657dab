-- Distributions of the columns that are the first ones of indexes, as far as the caller may see them.
SELECT DISTINCT n.nspname AS schema, c.relname AS relation, a.attname AS name, t.null_frac::float8 AS null_fraction,
       t.n_distinct::float8 AS distinct
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
JOIN pg_catalog.pg_stats t
    ON t.schemaname = n.nspname AND t.tablename = c.relname AND t.attname = a.attname AND NOT t.inherited
WHERE c.relnamespace = ANY($1)
