-- The user's relations, functions, types and schemas, for the hint of an error.
SELECT f.class::pg_catalog.oid AS class, f.oid, f.name
FROM (
    SELECT 'pg_catalog.pg_class'::pg_catalog.regclass AS class, c.oid, c.relname AS name, c.relnamespace AS schema
    FROM pg_catalog.pg_class c WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S')
    UNION ALL
    SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass, oid, proname, pronamespace FROM pg_catalog.pg_proc
    UNION ALL
    SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, oid, typname, typnamespace FROM pg_catalog.pg_type
    WHERE typrelid = 0 AND typelem = 0 AND typtype <> 'm'
    UNION ALL
    SELECT 'pg_catalog.pg_namespace'::pg_catalog.regclass, oid, nspname, oid FROM pg_catalog.pg_namespace
) f
JOIN pg_catalog.pg_namespace n ON n.oid = f.schema
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
