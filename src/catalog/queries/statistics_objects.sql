SELECT s.oid, s.stxnamespace AS schema, s.stxname AS name, s.stxowner AS owner, s.stxrelid AS relation, s.stxkind AS kinds,
       k.columns,
       CASE WHEN s.stxexprs IS NOT NULL THEN pg_catalog.pg_get_statisticsobjdef_expressions(s.oid) END AS expressions,
       s.stxexprs IS NOT NULL AS has_expressions, {{stxstattarget}} AS target
FROM pg_catalog.pg_statistic_ext s
JOIN pg_catalog.pg_class c ON c.oid = s.stxrelid
LEFT JOIN (
    SELECT s.oid, pg_catalog.array_agg(a.attname ORDER BY a.attnum) AS columns
    FROM pg_catalog.pg_statistic_ext s
    JOIN pg_catalog.pg_attribute a ON a.attrelid = s.stxrelid AND a.attnum = ANY(s.stxkeys)
    GROUP BY s.oid
) k ON k.oid = s.oid
WHERE s.stxnamespace = ANY($1) OR c.oid = ANY($2)
