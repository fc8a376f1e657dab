SELECT v.value AS upper FROM pg_catalog.unnest($1) AS v (value)
WHERE v.value::pg_catalog.{{type}} > $2::pg_catalog.{{type}} ORDER BY v.value::pg_catalog.{{type}} LIMIT 1
