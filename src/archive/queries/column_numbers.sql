SELECT a.attname AS name, a.attnum::pg_catalog.int4 AS number FROM pg_catalog.pg_attribute a
    WHERE a.attrelid = $1::pg_catalog.oid AND a.attnum > 0 AND NOT a.attisdropped
