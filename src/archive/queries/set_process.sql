UPDATE pgmeta.archive_records SET pid = $2::int WHERE id = $1
