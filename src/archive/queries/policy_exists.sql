SELECT true AS found FROM pgmeta.archive_policies WHERE name = $1
