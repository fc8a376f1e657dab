INSERT INTO pgmeta.archive_records (policy, partition_oid, partition, parent, bound, state, retire, storage,
    stem, pid, archived_by, origin, archived_by_oid, parent_oid, table_owner, table_owner_oid, changes, key_column, lower, upper, attempt, started_at)
VALUES ($1, $2::oid, $3, $4, $5, {{state.scanning}}, $6, $7, $8, $9::int, $10, $11, $12::oid, $13::oid, $14, $15::oid, $16, $17, $18, $19,
    1 + (SELECT pg_catalog.count(*) FROM pgmeta.archive_records r WHERE {{partition_here}} = $2::oid
        AND r.policy = $1 AND r.state = {{state.failed}} AND NOT r.waived AND r.archived_by = $10), pg_catalog.clock_timestamp()) RETURNING id
