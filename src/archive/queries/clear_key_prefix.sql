UPDATE pgmeta.archive_records SET stem = NULL WHERE id = $1
