INSERT INTO pgmeta.archive_policies (name, parent, storage, retention, retention_keys, options, owner, owner_oid, origin)
    VALUES ($1, $2::oid::regclass, $3, $4::interval, $5, $6::jsonb, $7, $8::oid, $9)
