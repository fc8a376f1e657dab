SELECT t.oid, pg_catalog.format_type(t.trftype, NULL) AS data_type, l.lanname AS language,
       CASE WHEN t.trffromsql <> 0 THEN t.trffromsql::pg_catalog.oid::pg_catalog.regprocedure::pg_catalog.text END AS from_sql,
       CASE WHEN t.trftosql <> 0 THEN t.trftosql::pg_catalog.oid::pg_catalog.regprocedure::pg_catalog.text END AS to_sql
FROM pg_catalog.pg_transform t
JOIN pg_catalog.pg_language l ON l.oid = t.trflang
WHERE t.oid >= 16384
