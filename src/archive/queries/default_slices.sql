SELECT s.* FROM (SELECT DISTINCT ON (r.key_column, r.lower, r.upper) r.id, r.key_column::text AS column, r.lower, r.upper,
    r.state, r.held, r.retired_at IS NOT NULL AS gone, r.changes
FROM pgmeta.archive_records r WHERE r.policy = $1 AND {{partition_here}} = $2::oid AND r.upper IS NOT NULL
    AND (COALESCE(r.class, '') NOT IN ({{classes.interruption}}) OR r.state = {{state.cancelled}})
ORDER BY r.key_column, r.lower, r.upper, r.id DESC) AS s ORDER BY s.id
