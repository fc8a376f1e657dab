-- A plain index is told by its columns' numbers; only one with expressions is deparsed by the server.
-- An index's schema is its table's. 403 and 405 are btree and hash, whose operator classes have no options.
SELECT i.indexrelid AS oid, x.relname AS name, i.indrelid AS relation, x.relam AS method, i.indisunique AS unique, i.indisvalid AS valid, i.indkey AS keys, i.indnkeyatts AS key_count,
       i.indclass AS operator_classes, i.indcollation AS collations, i.indoption AS ordering,
       {{indnullsnotdistinct}} AS nulls_not_distinct,
       {{predicate}} AS predicate,
       CASE WHEN i.indexprs IS NOT NULL THEN pg_catalog.pg_get_indexdef(i.indexrelid) END AS definition,
       CASE WHEN i.indexprs IS NOT NULL THEN ARRAY(
           SELECT pg_catalog.pg_get_indexdef(i.indexrelid, k, false) FROM pg_catalog.generate_series(1, i.indnkeyatts) k ORDER BY k
       ) END AS expressions,
       CASE WHEN i.indexprs IS NOT NULL THEN ARRAY(
           SELECT COALESCE({{attstattarget}}, -1) FROM pg_catalog.pg_attribute a WHERE a.attrelid = i.indexrelid AND a.attnum > 0 ORDER BY a.attnum
       ) END AS statistics_targets,
       CASE WHEN x.relam NOT IN (403, 405) OR 16384 <= ANY (i.indclass) THEN ARRAY(
           SELECT pg_catalog.array_to_string(a.attoptions, E'\n') FROM pg_catalog.pg_attribute a
           WHERE a.attrelid = i.indexrelid AND a.attnum > 0 ORDER BY a.attnum
       ) END AS operator_class_options,
       x.reloptions AS options, x.reltablespace AS tablespace,
       CASE WHEN x.relispartition THEN (SELECT h.inhparent FROM pg_catalog.pg_inherits h WHERE h.inhrelid = i.indexrelid) END AS parent,
       i.indisclustered AS clustered, i.indisreplident AS replica_identity
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
WHERE x.relkind IN ('i', 'I') AND (x.relnamespace = ANY($1) OR i.indrelid = ANY($2))
