SELECT r.stem FROM pgmeta.archive_records r WHERE r.id = $1 AND {{is_ours}}
