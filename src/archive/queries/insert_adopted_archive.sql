INSERT INTO pgmeta.archive_records (adopted, partition_oid, partition, parent, bound, state, storage, stem,
        location, manifest_sha256, rows, bytes, row_digest, archived_by, origin, archived_by_oid, key_column, lower, upper, started_at, stored_at)
    VALUES (true, 0, $1, $2, $3, {{state.retired}}, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::oid, $15, $16, $17, pg_catalog.clock_timestamp(),
        LEAST($14::timestamptz, pg_catalog.clock_timestamp())) RETURNING id
