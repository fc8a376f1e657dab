UPDATE pgmeta.archive_records r SET stem = NULL,
    location = CASE WHEN r.state IN ({{states.unsuccessful}}) THEN NULL ELSE r.location END,
    manifest_sha256 = CASE WHEN r.state IN ({{states.unsuccessful}}) THEN NULL ELSE r.manifest_sha256 END
WHERE r.id = $1
