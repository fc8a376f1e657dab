SELECT COALESCE(policy, '') AS first, '' AS second, COALESCE(sum(bytes), 0)::text AS value
    FROM pgmeta.archive_records WHERE location IS NOT NULL GROUP BY 1 ORDER BY 1
