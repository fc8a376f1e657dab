SELECT p.id, p.parent::oid AS parent, n.nspname AS schema, c.relname AS name, p.storage,
        p.retention::text AS retention, p.retention_keys, p.options::text AS options, p.paused
    FROM pgmeta.archive_policies p LEFT JOIN pg_catalog.pg_class c ON c.oid = p.parent
    LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE p.name = $1
