SELECT COALESCE(p.scheduled_at, p.created_at) + (p.options ->> 'schedule')::interval <= pg_catalog.clock_timestamp() AS found
    FROM pgmeta.archive_policies p WHERE p.name = $1
