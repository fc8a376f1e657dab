UPDATE pgmeta.archive_records SET state = $2,
    stored_at = CASE WHEN $2 = {{state.stored}} THEN pg_catalog.clock_timestamp() ELSE stored_at END,
    retired_at = CASE WHEN $2 = {{state.retired}} THEN pg_catalog.clock_timestamp() ELSE retired_at END
WHERE id = $1 AND state = ANY ($3)
