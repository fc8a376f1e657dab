UPDATE pgmeta.archive_policies SET scheduled_at = pg_catalog.clock_timestamp() WHERE name = $1
