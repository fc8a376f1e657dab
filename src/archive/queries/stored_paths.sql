SELECT f.path FROM pgmeta.archive_stored_files f WHERE f.archive = $1
