-- The locks that this session holds on relations of this database, and where these are stored now. What the system has
-- of its own is left out.
SELECT DISTINCT l.relation AS oid, l.mode, c.relfilenode AS filenode
FROM pg_catalog.pg_locks l
LEFT JOIN pg_catalog.pg_class c ON c.oid = l.relation
WHERE l.locktype = 'relation' AND l.granted AND l.pid = pg_catalog.pg_backend_pid()
  AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())
  AND l.relation >= 16384
