UPDATE pgmeta.archive_records SET detached = true WHERE id = $1
