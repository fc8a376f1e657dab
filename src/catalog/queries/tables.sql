SELECT c.oid, c.relowner AS owner, c.relacl AS acl, c.relpersistence AS persistence,
       CASE WHEN c.reloftype <> 0 THEN pg_catalog.format_type(c.reloftype, NULL) END AS of_type,
       c.reltype AS row_type, COALESCE(rt.typarray, 0::pg_catalog.oid) AS array_type, c.relnatts AS column_count, c.relam AS access_method, c.reltablespace AS tablespace, c.reloptions AS options,
       c.reltoastrelid AS toast_table,
       c.relreplident AS replica_identity, c.relrowsecurity AS row_security, c.relforcerowsecurity AS force_row_security,
       CASE WHEN c.relispartition THEN pg_catalog.pg_get_expr(c.relpartbound, c.oid) END AS partition_bound,
       CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END AS partition_by,
       p.parents, s.srvname AS server, f.ftoptions AS server_options
FROM pg_catalog.pg_class c
LEFT JOIN pg_catalog.pg_type rt ON rt.oid = c.reltype
LEFT JOIN (
    SELECT inhrelid, pg_catalog.array_agg(inhparent ORDER BY inhseqno) AS parents
    FROM pg_catalog.pg_inherits GROUP BY inhrelid
) p ON p.inhrelid = c.oid
LEFT JOIN pg_catalog.pg_foreign_table f ON f.ftrelid = c.oid
LEFT JOIN pg_catalog.pg_foreign_server s ON s.oid = f.ftserver
WHERE c.relkind IN ('r', 'p', 'f') AND (c.relnamespace = ANY($1) OR c.oid = ANY($2))
