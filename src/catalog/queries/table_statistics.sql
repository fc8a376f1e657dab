-- What the server counts about tables and materialized views. Their sizes are in table_sizes.sql.
SELECT c.oid, n.nspname AS schema, c.relname AS name,
       (SELECT COALESCE(pg_catalog.sum(pg_catalog.pg_relation_size(x.indexrelid)), 0)::int8 FROM pg_catalog.pg_index x WHERE x.indrelid = c.oid) AS index_bytes,
       pg_catalog.pg_stat_get_live_tuples(c.oid) AS live_rows, pg_catalog.pg_stat_get_dead_tuples(c.oid) AS dead_rows,
       pg_catalog.pg_stat_get_numscans(c.oid) AS sequential_scans, pg_catalog.pg_stat_get_tuples_returned(c.oid) AS sequential_rows_read,
       (SELECT COALESCE(pg_catalog.sum(pg_catalog.pg_stat_get_numscans(x.indexrelid)), 0)::int8 FROM pg_catalog.pg_index x WHERE x.indrelid = c.oid) AS index_scans,
       pg_catalog.pg_stat_get_tuples_inserted(c.oid) AS rows_inserted, pg_catalog.pg_stat_get_tuples_updated(c.oid) AS rows_updated,
       pg_catalog.pg_stat_get_tuples_deleted(c.oid) AS rows_deleted,
       GREATEST(pg_catalog.pg_stat_get_last_vacuum_time(c.oid), pg_catalog.pg_stat_get_last_autovacuum_time(c.oid))::text AS last_vacuum,
       GREATEST(pg_catalog.pg_stat_get_last_analyze_time(c.oid), pg_catalog.pg_stat_get_last_autoanalyze_time(c.oid))::text AS last_analyze
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'm') AND c.relnamespace = ANY($1)
ORDER BY n.nspname, c.relname
