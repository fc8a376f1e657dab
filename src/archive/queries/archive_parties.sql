SELECT CASE WHEN {{is_ours}} THEN {{partition_here}} END AS partition, CASE WHEN {{is_ours}} THEN r.parent_oid END AS parent,
    (SELECT a.oid FROM pg_catalog.pg_roles a WHERE a.rolname = r.table_owner
        AND (NOT {{is_ours}} OR a.oid = r.table_owner_oid)) AS owner,
    (SELECT a.oid FROM pg_catalog.pg_roles a WHERE a.rolname = r.archived_by
        AND (NOT {{is_ours}} OR a.oid = r.archived_by_oid)) AS archiver,
    r.policy
FROM pgmeta.archive_records r WHERE r.id = $1
