UPDATE pgmeta.archive_records SET partition_oid = $2::oid, origin = $3, held = $4 <> 0 WHERE id = $1
