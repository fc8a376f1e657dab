SELECT COALESCE(policy, '') AS first, state AS second, count(*)::text AS value
    FROM pgmeta.archive_records GROUP BY 1, 2 ORDER BY 1, 2
