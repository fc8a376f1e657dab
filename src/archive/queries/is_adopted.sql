SELECT r.adopted FROM pgmeta.archive_records r WHERE r.id = $1
