WITH RECURSIVE tree AS (
        SELECT $1::oid AS oid UNION ALL SELECT i.inhrelid FROM tree t JOIN pg_catalog.pg_inherits i ON i.inhparent = t.oid),
    tables AS (SELECT t.oid FROM tree t UNION SELECT a.relid::oid FROM pg_catalog.pg_partition_ancestors($1::oid::regclass) a)
    SELECT DISTINCT pg_catalog.format_type(o.opcintype, NULL) AS key FROM tables t
    JOIN pg_catalog.pg_partitioned_table p ON p.partrelid = t.oid AND p.partstrat IN ('r', 'l')
    JOIN pg_catalog.pg_opclass o ON o.oid = p.partclass[0]
