UPDATE pgmeta.archive_policies SET options = $2::jsonb WHERE name = $1
