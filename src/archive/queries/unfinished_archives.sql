SELECT r.id, {{partition_here}} AS partition, r.parent, r.bound, r.state, r.storage::text AS storage, CASE WHEN {{is_ours}} THEN r.stem END AS stem, r.detached
FROM pgmeta.archive_records r WHERE r.policy = $1 AND (r.state IN ({{states.running}})
    OR r.state = {{state.stored}} AND $2 <> 0 AND r.retire <> 'keep' AND r.upper IS NULL AND COALESCE(r.next_try_at <= pg_catalog.clock_timestamp(), true)
    OR r.state IN ({{states.unsuccessful}}) AND r.stem IS NOT NULL AND {{is_ours}})
ORDER BY r.id
