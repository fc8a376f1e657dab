SELECT c.oid FROM pgmeta.archive_records r JOIN pg_catalog.pg_class c ON c.oid = r.parent_oid AND c.relkind = 'p'
WHERE r.id = $1 AND {{is_ours}}
