WITH RECURSIVE parts (column_name, oid, within) AS (
        SELECT a.attname::pg_catalog.text, a.atttypid, false FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = $1::pg_catalog.oid AND a.attnum > 0 AND NOT a.attisdropped
        UNION SELECT t.column_name, p.oid, t.within OR p.within FROM parts t, LATERAL (
            SELECT y.typbasetype, true FROM pg_catalog.pg_type y WHERE y.oid = t.oid AND y.typbasetype <> 0
            UNION ALL SELECT y.typelem, true FROM pg_catalog.pg_type y WHERE y.oid = t.oid AND y.typelem <> 0
            UNION ALL SELECT a.atttypid, false FROM pg_catalog.pg_type y JOIN pg_catalog.pg_attribute a ON a.attrelid = y.typrelid
                WHERE y.oid = t.oid AND y.typrelid <> 0 AND a.attnum > 0 AND NOT a.attisdropped
            UNION ALL SELECT r.rngsubtype, true FROM pg_catalog.pg_range r WHERE r.rngtypid = t.oid OR r.rngmultitypid = t.oid
        ) AS p (oid, within))
