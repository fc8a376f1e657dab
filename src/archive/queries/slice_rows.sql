SELECT pg_catalog.count(*) AS count FROM ONLY {{table}} AS r WHERE {{condition}}
