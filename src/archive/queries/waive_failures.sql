UPDATE pgmeta.archive_records SET waived = true, next_try_at = NULL
    WHERE policy = $1 AND (state = {{state.failed}} OR state = {{state.stored}} AND next_try_at IS NOT NULL) AND NOT waived
