UPDATE pgmeta.archive_policies SET owner_oid = $2::oid, origin = $3 WHERE name = $1
