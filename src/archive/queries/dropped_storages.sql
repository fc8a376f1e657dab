SELECT s.srvname AS name, s.oid FROM pg_catalog.pg_foreign_server s
    JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw
    WHERE w.fdwname = 'pgmeta_storage' AND pg_catalog.pg_has_role(s.srvowner, 'USAGE') AND (s.srvname = ANY ($1) OR s.srvowner = ANY ($2)) ORDER BY 1
