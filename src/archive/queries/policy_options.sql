SELECT options::text AS options FROM pgmeta.archive_policies WHERE name = $1
