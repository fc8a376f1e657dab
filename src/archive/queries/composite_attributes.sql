SELECT a.attname AS name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS data_type
    FROM pg_catalog.pg_type y LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = y.typrelid AND y.typrelid <> 0
        AND a.attnum > 0 AND NOT a.attisdropped
    WHERE y.oid = pg_catalog.to_regtype($1) ORDER BY a.attnum
