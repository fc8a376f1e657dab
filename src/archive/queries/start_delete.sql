UPDATE pgmeta.archive_records SET state = {{state.deleting}}, next_try_at = NULL
WHERE id = $1 AND location IS NOT NULL AND state = ANY ($2)
