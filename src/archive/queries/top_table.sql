SELECT n.nspname AS schema, c.relname AS name FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid = COALESCE(pg_catalog.pg_partition_root($1::oid::regclass)::oid, $1::oid)
