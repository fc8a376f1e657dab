DELETE FROM pgmeta.archive_policies WHERE name = $1
