SELECT COALESCE(policy, '') AS first, '' AS second, extract(epoch FROM max(stored_at))::text AS value
    FROM pgmeta.archive_records WHERE stored_at IS NOT NULL GROUP BY 1 ORDER BY 1
