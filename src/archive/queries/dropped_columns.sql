SELECT t.attname AS name FROM pg_catalog.pg_attribute t
    WHERE t.attrelid = $2::pg_catalog.oid AND t.attnum > 0 AND NOT t.attisdropped AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_attribute p WHERE p.attrelid = $1::pg_catalog.oid AND p.attname = t.attname
            AND p.attnum > 0 AND NOT p.attisdropped) ORDER BY t.attnum
