SELECT n.storage, ARRAY(SELECT pg_catalog.format('"%s"', p.name) FROM pgmeta.archive_policies p
            WHERE p.storage = n.storage ORDER BY p.name) AS policies,
        ARRAY(SELECT r.id::text FROM pgmeta.archive_records r WHERE r.storage = n.storage AND r.location IS NOT NULL ORDER BY r.id) AS archives
    FROM (SELECT p.storage FROM pgmeta.archive_policies p UNION SELECT r.storage FROM pgmeta.archive_records r WHERE r.location IS NOT NULL) n
    WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_foreign_server s JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw
        WHERE s.srvname = n.storage AND w.fdwname = 'pgmeta_storage') ORDER BY 1
