SELECT s.oid, s.srvname AS name FROM pg_catalog.pg_event_trigger_ddl_commands() c
    JOIN pg_catalog.pg_foreign_server s ON c.classid = 'pg_catalog.pg_foreign_server'::pg_catalog.regclass AND s.oid = c.objid
    JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw WHERE w.fdwname = 'pgmeta_storage'
