SELECT p.attname AS name, pg_catalog.format_type(p.atttypid, p.atttypmod) AS data_type,
        CASE WHEN p.attcollation <> y.typcollation THEN pg_catalog.format('%I.%I', cn.nspname, co.collname) END AS collation,
        CASE p.attgenerated WHEN 's' THEN 'STORED' WHEN 'v' THEN 'VIRTUAL' END AS generated,
        CASE WHEN p.attidentity <> '' THEN pg_catalog.pg_get_serial_sequence($3, p.attname) END AS sequence,
        p.attnotnull AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conrelid = p.attrelid
            AND k.contype = 'n' AND k.conkey[1] = p.attnum) AS not_null,
        p.attnotnull AS required,
        pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS expression,
        CASE p.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END AS storage,
        CASE p.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END AS compression,
        t.attname IS NOT NULL AS present,
        COALESCE((t.atttypid, t.atttypmod, t.attcollation) = (p.atttypid, p.atttypmod, p.attcollation), false) AS same_type,
        p.attstorage = CASE WHEN t.atttypid = p.atttypid THEN t.attstorage ELSE y.typstorage END AS same_storage
    FROM pg_catalog.pg_attribute p JOIN pg_catalog.pg_type y ON y.oid = p.atttypid
    LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = p.attrelid AND d.adnum = p.attnum
    LEFT JOIN pg_catalog.pg_collation co ON co.oid = p.attcollation
    LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace
    LEFT JOIN pg_catalog.pg_attribute t ON t.attrelid = $2::pg_catalog.oid AND t.attname = p.attname AND t.attnum > 0 AND NOT t.attisdropped
    WHERE p.attrelid = $1::pg_catalog.oid AND p.attnum > 0 AND NOT p.attisdropped ORDER BY p.attnum
