SELECT pg_catalog.json_build_object('archive', r.id, 'policy', r.policy, 'partition', r.partition, 'state', $2::text,
        'rows', r.rows, 'bytes', r.bytes, 'detail', $3::text)::text AS line,
        (SELECT p.options ->> 'notify' FROM pgmeta.archive_policies p WHERE p.name = r.policy) AS channel
    FROM pgmeta.archive_records r WHERE r.id = $1
