SELECT {{partition_here}} AS partition, r.location, r.manifest_sha256 AS sha256, r.storage, r.state, r.error
FROM pgmeta.archive_records r WHERE r.id = $1
