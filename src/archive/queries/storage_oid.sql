SELECT s.oid FROM pg_catalog.pg_foreign_server s
    JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw WHERE s.srvname = $1 AND w.fdwname = 'pgmeta_storage'
