UPDATE pgmeta.archive_records SET state = {{state.deleted}}, location = NULL, manifest_sha256 = NULL, stem = NULL
WHERE id = $1 AND state = ANY ($2)
