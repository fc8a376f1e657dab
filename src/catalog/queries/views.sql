SELECT c.oid, c.relkind AS kind, c.relowner AS owner, c.relacl AS acl, c.reltype AS row_type,
       COALESCE(rt.typarray, 0::pg_catalog.oid) AS array_type, r.oid AS rule,
       pg_catalog.pg_get_viewdef(c.oid) AS definition, c.reloptions AS options, am.amname AS access_method,
       ts.spcname AS tablespace, c.relispopulated AS populated,
       CASE WHEN c.reltoastrelid <> 0
            THEN (SELECT toast.reloptions FROM pg_catalog.pg_class toast WHERE toast.oid = c.reltoastrelid)
       END AS toast_options
FROM pg_catalog.pg_class c
LEFT JOIN pg_catalog.pg_type rt ON rt.oid = c.reltype
LEFT JOIN pg_catalog.pg_rewrite r ON r.ev_class = c.oid AND r.rulename = '_RETURN'
LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam
LEFT JOIN pg_catalog.pg_tablespace ts ON ts.oid = c.reltablespace
WHERE c.relkind IN ('v', 'm') AND (c.relnamespace = ANY($1) OR c.oid = ANY($2))
