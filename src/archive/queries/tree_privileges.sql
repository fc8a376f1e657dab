WITH RECURSIVE tree AS (SELECT $1::oid AS oid
        UNION ALL SELECT i.inhrelid FROM tree t JOIN pg_catalog.pg_inherits i ON i.inhparent = t.oid)
    SELECT COALESCE((SELECT c.oid::regclass::text FROM tree t JOIN pg_catalog.pg_class c ON c.oid = t.oid
            WHERE c.relkind = 'r' AND NOT pg_catalog.has_table_privilege(c.oid, 'SELECT') ORDER BY 1 LIMIT 1), '') AS unreadable,
        COALESCE((SELECT c.oid::regclass::text FROM tree t JOIN pg_catalog.pg_class c ON c.oid = t.oid
            WHERE NOT pg_catalog.pg_has_role(c.relowner, 'USAGE') ORDER BY 1 LIMIT 1), '') AS others
