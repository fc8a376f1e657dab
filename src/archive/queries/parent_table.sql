SELECT n.nspname AS schema, c.relname AS name, c.relkind = 'p' AS partitioned FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = $1::pg_catalog.oid
