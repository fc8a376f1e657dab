UPDATE pgmeta.archive_records SET retire = $2 WHERE id = $1 AND retire <> $2
