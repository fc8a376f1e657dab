SELECT EXISTS (SELECT FROM pg_catalog.pg_partition_ancestors($1::oid::regclass) l
        JOIN pg_catalog.pg_partitioned_table p ON p.partrelid = l.relid
        WHERE p.partexprs IS NOT NULL OR EXISTS (SELECT FROM pg_catalog.pg_attribute a
            WHERE a.attrelid = p.partrelid AND a.attnum = ANY (p.partattrs) AND a.atttypid >= 16384))
    OR EXISTS (SELECT FROM pg_catalog.pg_constraint c WHERE c.conrelid = $1::oid AND c.contype = 'f') AS found
