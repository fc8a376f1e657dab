SELECT r.key_column::text AS column, r.lower, r.upper FROM pgmeta.archive_records r
    WHERE r.id = $1 AND r.upper IS NOT NULL
