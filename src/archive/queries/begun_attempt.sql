SELECT r.partition_oid AS partition, r.policy, r.stem FROM pgmeta.archive_records r
    WHERE r.id = $1 AND r.state = {{state.scanning}} AND r.pid = $2::int AND r.policy IS NOT NULL AND r.stem IS NOT NULL
