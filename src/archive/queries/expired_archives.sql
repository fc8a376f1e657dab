SELECT r.id FROM pgmeta.archive_records r JOIN pgmeta.archive_policies p ON p.name = r.policy
WHERE r.policy = $1 AND {{is_ours}} AND (r.state = {{state.deleting}} OR r.location IS NOT NULL
    AND (r.state IN ({{states.settled}})
        OR r.state = {{state.stored}} AND r.retire = 'keep' AND COALESCE(p.options ->> 'retire', 'keep') = 'keep')
    AND r.stored_at + (p.options ->> 'expire')::interval < pg_catalog.clock_timestamp()) ORDER BY r.id
