SELECT pg_catalog.format('%I on %s', c.conname, c.conrelid::regclass) AS name FROM pg_catalog.pg_constraint c
    WHERE c.contype = 'f' AND c.conparentid = 0 AND c.confrelid IN (
        SELECT $1::oid UNION ALL SELECT a.relid FROM pg_catalog.pg_partition_ancestors($1::oid::regclass) a)
    ORDER BY 1
