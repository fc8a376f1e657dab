SELECT n.oid, n.contypid AS domain, n.conname AS name, n.contype = 'n' AS not_null, n.convalidated AS validated,
       pg_catalog.pg_get_expr(n.conbin, 0) AS expression
FROM pg_catalog.pg_constraint n
JOIN pg_catalog.pg_type t ON t.oid = n.contypid
WHERE n.contypid <> 0 AND n.contype IN ('c', 'n') AND t.typnamespace = ANY($1)
