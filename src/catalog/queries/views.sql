SELECT c.oid, c.relkind AS kind, c.relowner AS owner, c.relacl AS acl, c.reltype AS row_type,
       COALESCE(rt.typarray, 0::pg_catalog.oid) AS array_type, r.oid AS rule,
       pg_catalog.pg_get_viewdef(c.oid) AS definition, c.reloptions AS options, c.relam AS access_method,
       c.reltablespace AS tablespace, c.relispopulated AS populated, c.reltoastrelid AS toast_table
FROM pg_catalog.pg_class c
LEFT JOIN pg_catalog.pg_type rt ON rt.oid = c.reltype
LEFT JOIN pg_catalog.pg_rewrite r ON r.ev_class = c.oid AND r.rulename = '_RETURN'
WHERE c.relkind IN ('v', 'm') AND (c.relnamespace = ANY($1) OR c.oid = ANY($2))
