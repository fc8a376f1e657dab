UPDATE pgmeta.archive_records r SET state = $2, error = $3, sqlstate = $4, class = $5,
    location = NULL, manifest_sha256 = NULL,
    next_try_at = CASE WHEN $2 = {{state.failed}} THEN pg_catalog.clock_timestamp() + (0.8 + 0.4 * pg_catalog.random())
        * pg_catalog.power(2, LEAST(r.attempt - 1, 10)) * COALESCE((SELECT (p.options ->> 'backoff')::interval
            FROM pgmeta.archive_policies p WHERE p.name = r.policy), '1 minute') END WHERE id = $1 AND state = ANY ($6)
