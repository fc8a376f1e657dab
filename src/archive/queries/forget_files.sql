DELETE FROM pgmeta.archive_stored_files WHERE archive = $1
