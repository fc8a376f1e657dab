-- What the server counts about indexes. Those of partitioned tables have no storage, and are never scanned.
SELECT n.nspname AS schema, i.relname AS name, t.relname AS "table", COALESCE(pg_catalog.pg_relation_size(i.oid), 0) AS bytes,
       pg_catalog.pg_stat_get_numscans(i.oid) AS scans, pg_catalog.pg_stat_get_tuples_returned(i.oid) AS tuples_read,
       pg_catalog.pg_stat_get_tuples_fetched(i.oid) AS tuples_fetched, {{last_scan}} AS last_scan
FROM pg_catalog.pg_index x
JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
JOIN pg_catalog.pg_class t ON t.oid = x.indrelid
JOIN pg_catalog.pg_namespace n ON n.oid = i.relnamespace
WHERE i.relkind = 'i' AND t.relkind IN ('r', 'm') AND i.relnamespace = ANY($1)
ORDER BY n.nspname, i.relname
