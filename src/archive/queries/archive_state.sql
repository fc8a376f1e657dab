SELECT r.state FROM pgmeta.archive_records r WHERE r.id = $1
