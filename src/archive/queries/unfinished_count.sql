SELECT pg_catalog.count(*) AS count FROM pgmeta.archive_records r
    WHERE r.state IN ({{states.running}})
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.pid = r.pid)
