-- What the index behind a constraint has to tell, its row in indexes.sql does. A constraint's schema is its table's.
SELECT n.oid, n.conname AS name, n.conrelid AS relation, n.contype AS kind,
       n.conkey AS columns, n.confrelid AS foreign_table, n.confkey AS foreign_columns,
       n.confmatchtype AS foreign_match, n.confupdtype AS foreign_update, n.confdeltype AS foreign_delete,
       {{confdelsetcols}} AS foreign_delete_columns, n.condeferrable AS deferrable, n.condeferred AS deferred,
       n.convalidated AS validated, {{conenforced}} AS enforced, {{conperiod}} AS period,
       n.connoinherit AS no_inherit, n.conislocal AS local, n.conparentid <> 0 AS has_parent,
       {{condition}} AS condition, CASE n.contype WHEN 'x' THEN pg_catalog.pg_get_constraintdef(n.oid) END AS definition,
       CASE WHEN n.contype IN ('p', 'u', 'x') THEN n.conindid END AS index
FROM pg_catalog.pg_constraint n
WHERE n.contype IN ('c', 'p', 'u', 'f', 'x') AND n.conrelid <> 0 AND (n.connamespace = ANY($1) OR n.conrelid = ANY($2))
