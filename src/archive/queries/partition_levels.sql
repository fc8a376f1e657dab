SELECT pg_catalog.format_type(o.opcintype, NULL) AS key, pg_catalog.pg_get_expr(c.relpartbound, c.oid) AS bound
    FROM pg_catalog.pg_partition_ancestors($1::oid::regclass) WITH ORDINALITY AS a (relid, at)
    JOIN pg_catalog.pg_class c ON c.oid = a.relid AND c.relispartition
    JOIN pg_catalog.pg_inherits i ON i.inhrelid = c.oid
    JOIN pg_catalog.pg_partitioned_table p ON p.partrelid = i.inhparent AND p.partstrat IN ('r', 'l')
    JOIN pg_catalog.pg_opclass o ON o.oid = p.partclass[0] ORDER BY a.at
