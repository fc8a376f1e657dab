UPDATE pgmeta.archive_records r SET state = {{state.stored}}, error = $2, sqlstate = $3, class = $4, waived = false,
    next_try_at = pg_catalog.clock_timestamp() + COALESCE((SELECT (p.options ->> 'backoff')::interval
        FROM pgmeta.archive_policies p WHERE p.name = r.policy), '1 minute') WHERE id = $1 AND state = ANY ($5)
