SELECT c.oid::regclass::text AS name, pg_catalog.pg_get_partkeydef(c.oid) AS key,
        p.partstrat = 'r' AND p.partnatts = 1 AND p.partattrs[0] <> 0 AS simple,
        COALESCE(d.relkind <> 'r', false) AS odd, COALESCE(d.oid::regclass::text, '') AS partition
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_partitioned_table p ON p.partrelid = c.oid
    LEFT JOIN pg_catalog.pg_class d ON d.oid = p.partdefid WHERE c.oid = $1::oid
