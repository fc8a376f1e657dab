SELECT name AS first, '' AS second, (CASE WHEN paused THEN 1 ELSE 0 END)::text AS value
    FROM pgmeta.archive_policies ORDER BY 1
