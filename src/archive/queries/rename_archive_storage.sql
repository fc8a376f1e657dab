UPDATE pgmeta.archive_records SET storage = $2 WHERE storage = $1
