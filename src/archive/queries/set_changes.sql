UPDATE pgmeta.archive_records SET changes = $2 WHERE id = $1
