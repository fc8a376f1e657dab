{{type_parts}} SELECT pg_catalog.format_type(y.oid, NULL) AS name, c.columns, c.within, a.attname AS attribute,
    pg_catalog.format_type(a.atttypid, a.atttypmod) AS data_type
FROM (SELECT p.oid, pg_catalog.array_agg(DISTINCT p.column_name) AS columns, pg_catalog.bool_or(p.within) AS within
    FROM parts p WHERE $3 <> 0 OR p.column_name = ANY ($2) GROUP BY p.oid) c
JOIN pg_catalog.pg_type y ON y.oid = c.oid AND y.typtype = 'c'
LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = y.typrelid AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY pg_catalog.format_type(y.oid, NULL) COLLATE "C", a.attnum
