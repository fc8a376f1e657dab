SELECT r.state, (SELECT a.pid FROM pg_catalog.pg_stat_activity a JOIN pg_catalog.pg_locks l ON l.pid = a.pid
        WHERE a.pid = r.pid AND a.datname = pg_catalog.current_database() AND l.locktype = 'object' AND l.granted
            AND l.database = a.datid AND l.classid = $2::oid AND l.objid = r.partition_oid LIMIT 1) AS pid,
        EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.pid = r.pid AND a.backend_type = $3) AS worker
    FROM pgmeta.archive_records r WHERE r.id = $1
