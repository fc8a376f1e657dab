-- The relations that views show, by OID, with what is needed to tell which columns of views can be null: the parse trees of views,
-- and of other relations which columns no row has a null in. A foreign table's NOT NULL is not enforced. A value of a composite
-- type IS NULL if it consists of nulls, whatever its column says.
WITH RECURSIVE families AS (
    SELECT c.oid AS root, c.oid AS member FROM pg_catalog.pg_class c WHERE c.oid = ANY($1)
    UNION
    SELECT f.root, i.inhrelid FROM families f JOIN pg_catalog.pg_inherits i ON i.inhparent = f.member
), not_null AS (
    SELECT f.root, f.member, a.attname AS name, a.attnotnull AND {{not_null_valid}} AND c.relkind <> 'f' AND t.typcategory <> 'C' AS never_null
    FROM families f
    JOIN pg_catalog.pg_class c ON c.oid = f.member
    JOIN pg_catalog.pg_attribute a ON a.attrelid = f.member AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    {{join_not_null}}
), columns AS (
    SELECT root, name, pg_catalog.bool_or(never_null AND member = root) AS never_null, pg_catalog.bool_and(never_null) AS never_null_in_children
    FROM not_null GROUP BY root, name
)
SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relkind = 'm' AS is_stored, r.ev_action::text AS tree,
       k.numbers, k.names, k.never_null, k.never_null_in_children
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_rewrite r ON r.ev_class = c.oid AND r.rulename = '_RETURN' AND c.relkind IN ('v', 'm')
CROSS JOIN LATERAL (
    SELECT COALESCE(pg_catalog.array_agg(a.attnum ORDER BY a.attnum), '{}') AS numbers,
           COALESCE(pg_catalog.array_agg(a.attname ORDER BY a.attnum), '{}') AS names,
           COALESCE(pg_catalog.array_agg(o.never_null ORDER BY a.attnum), '{}') AS never_null,
           COALESCE(pg_catalog.array_agg(o.never_null_in_children ORDER BY a.attnum), '{}') AS never_null_in_children
    FROM pg_catalog.pg_attribute a JOIN columns o ON o.root = a.attrelid AND o.name = a.attname
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
) k
WHERE c.oid = ANY($1)
