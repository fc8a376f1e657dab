UPDATE pgmeta.archive_records SET location = $2, manifest_sha256 = $3, rows = $4, bytes = $5,
    row_digest = $6 WHERE id = $1
