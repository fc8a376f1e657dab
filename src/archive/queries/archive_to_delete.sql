SELECT r.state, r.error, {{is_ours}} AS ours, r.upper IS NOT NULL AS slice FROM pgmeta.archive_records r WHERE r.id = $1
