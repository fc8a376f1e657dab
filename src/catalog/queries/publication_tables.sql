SELECT r.prpubid AS publication, r.prrelid AS relation, k.columns, {{prqual}} AS row_filter
FROM pg_catalog.pg_publication_rel r
LEFT JOIN (
    SELECT r.oid, pg_catalog.array_agg(a.attname ORDER BY a.attnum) AS columns
    FROM pg_catalog.pg_publication_rel r
    JOIN pg_catalog.pg_attribute a ON a.attrelid = r.prrelid AND a.attnum = ANY({{prattrs}})
    GROUP BY r.oid
) k ON k.oid = r.oid
