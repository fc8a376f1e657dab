SELECT s.oid, COALESCE(s.srvoptions, '{}')::text[] AS options,
    pg_catalog.has_server_privilege(s.oid, 'USAGE') AS usable,
    EXISTS (SELECT FROM pg_catalog.pg_user_mappings m WHERE m.srvid = s.oid AND m.umuser IN (0,
        (SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = CURRENT_USER))) AS mapped,
    COALESCE((SELECT pg_catalog.pg_has_role(r.oid, 'USAGE') FROM pg_catalog.pg_roles r
        WHERE r.rolname = 'pgmeta_storage_environment'), false) AS trusted
    FROM pg_catalog.pg_foreign_server s JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw
    WHERE s.srvname = $1 AND w.fdwname = 'pgmeta_storage'
