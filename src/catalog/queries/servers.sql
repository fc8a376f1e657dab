SELECT s.oid, s.srvname AS name, w.fdwname AS wrapper, s.srvowner AS owner, s.srvacl AS acl, s.srvtype AS server_type,
       s.srvversion AS version, s.srvoptions AS options
FROM pg_catalog.pg_foreign_server s
JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw
WHERE s.oid >= 16384
