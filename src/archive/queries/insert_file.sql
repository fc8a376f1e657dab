INSERT INTO pgmeta.archive_stored_files (archive, ordinal, path, rows, bytes, sha256)
    VALUES ($1, $2::int, $3, $4, $5, $6)
