-- Use and sizes of indexes. The size of a small index is that of its last VACUUM or ANALYZE, if its table has not changed since: asking for
-- it opens the index. Dead space is estimated for large btree indexes of plain columns. An invalid index is in progress where a
-- session reports it, or locks its table as CREATE INDEX CONCURRENTLY does: what others report, not everybody may see.
SELECT n.nspname AS schema, x.relname AS name,
       pg_catalog.pg_stat_get_numscans(x.oid) AS scans,
       s.bytes,
       CASE WHEN w.known = w.columns THEN GREATEST(0, s.bytes - s.block * pg_catalog.ceil(x.reltuples
           * (12 + 8 * pg_catalog.ceil(w.width / 8)) / ((s.block - 40) * 0.9)))::int8 END AS bloat_bytes,
       NOT i.indisvalid AND (
           EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p WHERE p.index_relid = x.oid)
           OR EXISTS (SELECT FROM pg_catalog.pg_locks l WHERE l.locktype = 'relation' AND l.relation = i.indrelid AND l.granted
               AND l.mode = 'ShareUpdateExclusiveLock' AND l.pid <> pg_catalog.pg_backend_pid()
               AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()))
       ) AS in_progress
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
JOIN pg_catalog.pg_namespace n ON n.oid = x.relnamespace
CROSS JOIN LATERAL (
    SELECT CASE WHEN x.reltuples >= 0 AND x.relpages < 128 AND pg_catalog.pg_stat_get_mod_since_analyze(c.oid) = 0
                THEN x.relpages * b.block ELSE pg_catalog.pg_relation_size(x.oid) END AS bytes, b.block
    FROM (SELECT pg_catalog.current_setting('block_size')::int8 AS block) b
) s
LEFT JOIN LATERAL (
    SELECT pg_catalog.count(t.attname) AS known, pg_catalog.count(*) AS columns,
           pg_catalog.sum((1 - t.null_frac) * t.avg_width) AS width
    FROM pg_catalog.unnest(i.indkey) k (number)
    LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number AND k.number > 0
    LEFT JOIN pg_catalog.pg_stats t
        ON t.schemaname = n.nspname AND t.tablename = c.relname AND t.attname = a.attname AND NOT t.inherited
    -- The conditions of the join once more, so that nothing is read for a small index.
    WHERE x.relam = 403 AND x.relpages >= 128 AND x.reltuples > 0
) w ON x.relam = 403 AND x.relpages >= 128 AND x.reltuples > 0
WHERE x.relkind = 'i' AND x.relnamespace = ANY($1)
