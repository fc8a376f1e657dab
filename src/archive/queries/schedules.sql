SELECT p.id, p.name, p.options ->> 'schedule' AS schedule,
        EXTRACT(epoch FROM COALESCE(p.scheduled_at, p.created_at) AT TIME ZONE COALESCE(p.options ->> 'time_zone', 'UTC'))::int8 AS last,
        EXTRACT(epoch FROM pg_catalog.clock_timestamp() AT TIME ZONE COALESCE(p.options ->> 'time_zone', 'UTC'))::int8 AS now
    FROM pgmeta.archive_policies p WHERE p.options ? 'schedule' AND NOT p.paused ORDER BY p.name
