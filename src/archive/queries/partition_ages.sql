SELECT v.at AS at, COALESCE(CASE WHEN {{whole}} THEN v.value <= l.value ELSE v.value < l.value END, false) AS expired,
    pg_catalog.rank() OVER (ORDER BY v.value DESC) AS rank
FROM (SELECT v.at, v.kind, {{value}} AS value FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2))
    WITH ORDINALITY AS v (value, kind, at)) AS v, (SELECT {{limit}} AS value) AS l
