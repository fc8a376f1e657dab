SELECT pg_catalog.to_char(v.at, 'YYYY-MM-DD HH24') AS begin FROM (SELECT {{instant}} AS at, $2::text AS zone) v
WHERE pg_catalog.isfinite(v.at) AND v.at >= '0001-01-01'
