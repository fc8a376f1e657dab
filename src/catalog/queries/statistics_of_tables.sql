-- Use and sizes of tables and materialized views. The size of a small one is that of its last VACUUM or ANALYZE, if it has not changed since:
-- asking for it opens the table. Dead space is estimated for large ones: the pages that the live rows need by
-- their average widths, against the pages there are. NULL where widths are not known, or not to the caller.
SELECT n.nspname AS schema, c.relname AS name,
       CASE WHEN c.relkind IN ('r', 'm') AND s.bytes = 0 THEN 0
            WHEN c.reltuples < 0 THEN NULL
            WHEN c.relpages > 0 THEN c.reltuples / c.relpages * (s.bytes / s.block)
            ELSE c.reltuples
       END::float8 AS rows,
       CASE WHEN c.relkind NOT IN ('r', 'm') THEN NULL
            WHEN s.is_known THEN s.bytes + s.block * COALESCE((SELECT t.relpages FROM pg_catalog.pg_class t WHERE t.oid = c.reltoastrelid), 0)
            ELSE pg_catalog.pg_table_size(c.oid)
       END::int8 AS bytes,
       CASE WHEN w.known = w.columns THEN GREATEST(0, s.bytes - s.block * pg_catalog.ceil(c.reltuples
           * (28 + 8 * pg_catalog.ceil(w.width / 8)) / ((s.block - 24) * s.fillfactor / 100.0)))::int8 END AS bloat_bytes,
       pg_catalog.pg_stat_get_numscans(c.oid) AS seq_scans,
       pg_catalog.pg_stat_get_tuples_returned(c.oid) AS seq_rows,
       (SELECT pg_catalog.sum(pg_catalog.pg_stat_get_numscans(i.indexrelid)) FROM pg_catalog.pg_index i
           WHERE i.indrelid = c.oid)::int8 AS index_scans,
       pg_catalog.pg_stat_get_tuples_inserted(c.oid) + pg_catalog.pg_stat_get_tuples_updated(c.oid)
           + pg_catalog.pg_stat_get_tuples_deleted(c.oid) AS writes,
       CASE WHEN c.relkind IN ('r', 'm') AND c.relfrozenxid <> '0' THEN pg_catalog.age(c.relfrozenxid) END::int8 AS age,
       c.relkind IN ('r', 'm') AND NOT pg_catalog.has_table_privilege(c.oid, 'SELECT') AS hidden
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (
    SELECT CASE WHEN c.relkind NOT IN ('r', 'm') THEN 0
                WHEN k.is_known THEN c.relpages * k.block
                ELSE pg_catalog.pg_relation_size(c.oid)
           END::int8 AS bytes,
           k.is_known, k.block,
           COALESCE((SELECT o.option_value::int4 FROM pg_catalog.pg_options_to_table(c.reloptions) o
               WHERE o.option_name = 'fillfactor'), 100) AS fillfactor
    FROM (SELECT c.reltuples >= 0 AND c.relpages < 128 AND pg_catalog.pg_stat_get_mod_since_analyze(c.oid) = 0 AS is_known,
                 pg_catalog.current_setting('block_size')::int8 AS block) k
) s
LEFT JOIN LATERAL (
    SELECT pg_catalog.count(t.attname) AS known, pg_catalog.count(*) AS columns,
           pg_catalog.sum((1 - t.null_frac) * t.avg_width) AS width
    FROM pg_catalog.pg_attribute a
    LEFT JOIN pg_catalog.pg_stats t
        ON t.schemaname = n.nspname AND t.tablename = c.relname AND t.attname = a.attname AND NOT t.inherited
    -- The conditions of the join once more, so that nothing is read for a small table.
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND c.relpages >= 128 AND c.reltuples > 0
) w ON c.relkind IN ('r', 'm') AND c.relpages >= 128 AND c.reltuples > 0
WHERE c.relkind IN ('r', 'm', 'p', 'f') AND c.relnamespace = ANY($1)
