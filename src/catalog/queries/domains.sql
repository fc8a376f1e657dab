SELECT t.oid, t.typnamespace AS schema, t.typname AS name, t.typowner AS owner, t.typacl AS acl, t.typarray AS array_type,
       pg_catalog.format_type(t.typbasetype, t.typtypmod) AS base_type,
       l.collnamespace AS collation_schema, l.collname AS collation,
       pg_catalog.pg_get_expr(t.typdefaultbin, 0) AS "default", t.typnotnull AS not_null
FROM pg_catalog.pg_type t
JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype
LEFT JOIN pg_catalog.pg_collation l ON l.oid = t.typcollation AND t.typcollation <> b.typcollation
WHERE t.typtype = 'd' AND t.typnamespace = ANY($1)
