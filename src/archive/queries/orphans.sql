SELECT (SELECT pg_catalog.count(*) FROM pgmeta.archive_policies p WHERE $2 <> 0 OR p.storage = ANY ($1)) AS policies,
        pg_catalog.count(*) AS archives, pg_catalog.count(*) FILTER (WHERE r.state = {{state.retired}}) AS only
    FROM pgmeta.archive_records r WHERE ($2 <> 0 OR r.storage = ANY ($1))
        AND (r.location IS NOT NULL OR r.state IN ({{states.writing}}))
