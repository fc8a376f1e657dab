WITH RECURSIVE base AS (
        SELECT a.attnum, a.atttypid AS oid, a.atttypmod AS typmod
        FROM pg_catalog.pg_attribute a WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped
        UNION ALL SELECT b.attnum, t.typbasetype, t.typtypmod
        FROM base b JOIN pg_catalog.pg_type t ON t.oid = b.oid WHERE t.typtype = 'd')
    SELECT a.attname AS name, COALESCE(p.attnum, a.attnum)::int4 AS number, pg_catalog.format_type(a.atttypid, a.atttypmod) AS data_type,
        a.atttypid AS type_oid, a.atttypmod AS type_modifier, a.attgenerated <> '' AS generated, a.atttypid <> t.oid AS domain,
        CASE WHEN t.typtype = 'e' THEN 'enum' WHEN t.typnamespace = 'pg_catalog'::pg_catalog.regnamespace THEN t.typname::text ELSE '' END AS base,
        b.typmod, t.typsend <> 0 AS sends,
        CASE WHEN e.oid IS NULL OR e.typdelim <> ',' THEN NULL WHEN e.typnamespace = 'pg_catalog'::pg_catalog.regnamespace THEN e.typname::text ELSE '' END AS element
    FROM base b JOIN pg_catalog.pg_type t ON t.oid = b.oid AND t.typtype <> 'd'
    JOIN pg_catalog.pg_attribute a ON a.attrelid = $1::oid AND a.attnum = b.attnum
    LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND e.typarray = t.oid
    LEFT JOIN pg_catalog.pg_attribute p ON p.attrelid = pg_catalog.pg_partition_root($1::oid::regclass) AND p.attname = a.attname
    ORDER BY a.attnum
