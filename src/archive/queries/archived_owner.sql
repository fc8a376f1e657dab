SELECT r.table_owner AS name, a.oid FROM pgmeta.archive_records r LEFT JOIN pg_catalog.pg_roles a
    ON a.rolname = r.table_owner AND (NOT {{is_ours}} OR a.oid = r.table_owner_oid)
WHERE r.id = $1 AND r.table_owner IS NOT NULL
