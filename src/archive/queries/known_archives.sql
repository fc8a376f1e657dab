SELECT r.id, r.location, r.manifest_sha256 AS sha256,
    CASE WHEN r.state IN ({{states.unproved}}) THEN r.stem END AS stem, r.storage = $1 AS here
    FROM pgmeta.archive_records r WHERE r.location IS NOT NULL OR r.stem IS NOT NULL
