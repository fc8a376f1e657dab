-- About how many rows tables and materialized views have, and their bytes with TOAST. The estimate is the planner's: the density that the last
-- ANALYZE or VACUUM found, times the pages of today. A heap without pages is empty, whether analyzed or not; otherwise
-- -1 and what never was analyzed are unknown.
SELECT c.oid,
       CASE WHEN c.relkind IN ('r', 'm') AND a.amname = 'heap' AND s.bytes = 0 THEN 0
            WHEN c.reltuples < 0 THEN NULL
            WHEN c.relkind NOT IN ('r', 'm') OR a.amname <> 'heap' THEN c.reltuples
            WHEN c.relpages > 0 THEN c.reltuples / c.relpages * (s.bytes / pg_catalog.current_setting('block_size')::int8)
       END::int8 AS rows_estimate,
       CASE WHEN c.relkind IN ('r', 'm') THEN pg_catalog.pg_table_size(c.oid) END AS bytes
FROM pg_catalog.pg_class c
LEFT JOIN pg_catalog.pg_am a ON a.oid = c.relam,
LATERAL (SELECT CASE WHEN c.relkind IN ('r', 'm') THEN pg_catalog.pg_relation_size(c.oid) END AS bytes) s
WHERE c.relkind IN ('r', 'p', 'f', 'm') AND c.relnamespace = ANY($1)
