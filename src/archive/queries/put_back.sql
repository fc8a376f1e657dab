WITH put AS (INSERT INTO {{parent}} ({{columns}}) OVERRIDING SYSTEM VALUE SELECT {{columns}} FROM ONLY {{table}} RETURNING {{columns}})
SELECT (SELECT pg_catalog.count(*) FROM put) = {{rows}}
    AND (SELECT pg_catalog.sum(pg_catalog.hashtextextended(ROW({{columns}})::text, 0)) FROM put)
        IS NOT DISTINCT FROM (SELECT pg_catalog.sum(pg_catalog.hashtextextended(ROW({{columns}})::text, 0)) FROM ONLY {{table}}) AS same
