SELECT n.oid, n.conname AS name, n.conrelid AS relation, c.relkind AS relation_kind, n.contype AS kind,
       n.conkey AS columns, n.confrelid AS foreign_table, n.confkey AS foreign_columns,
       n.confmatchtype AS foreign_match, n.confupdtype AS foreign_update, n.confdeltype AS foreign_delete,
       {{confdelsetcols}} AS foreign_delete_columns, n.condeferrable AS deferrable, n.condeferred AS deferred,
       n.convalidated AS validated, {{conenforced}} AS enforced, {{conperiod}} AS period,
       n.connoinherit AS no_inherit, n.conislocal AS local, n.conparentid <> 0 AS has_parent,
       CASE n.contype WHEN 'c' THEN pg_catalog.pg_get_expr(n.conbin, n.conrelid)
                      WHEN 'x' THEN pg_catalog.pg_get_constraintdef(n.oid) END AS expression,
       i.indexrelid AS index, i.indnkeyatts AS index_key_count,
       {{indnullsnotdistinct}} AS nulls_not_distinct, i.indisclustered AS clustered, i.indisreplident AS replica_identity,
       x.reloptions AS options, ts.spcname AS tablespace, h.inhparent AS index_parent, i.indkey AS index_keys
FROM pg_catalog.pg_constraint n
JOIN pg_catalog.pg_class c ON c.oid = n.conrelid
LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = n.conindid AND n.contype IN ('p', 'u', 'x')
LEFT JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
LEFT JOIN pg_catalog.pg_tablespace ts ON ts.oid = x.reltablespace
LEFT JOIN pg_catalog.pg_inherits h ON h.inhrelid = i.indexrelid
WHERE n.contype IN ('c', 'p', 'u', 'f', 'x') AND (c.relnamespace = ANY($1) OR c.oid = ANY($2))
