-- The schemas that a script names, those of the domains that domains in them are made of, and those of the search path, which come first
-- and have a place in it.
WITH RECURSIVE named AS (
    SELECT n.oid, path.place
    FROM pg_catalog.pg_namespace n
    LEFT JOIN pg_catalog.unnest($2) WITH ORDINALITY path (oid, place) ON path.oid = n.oid
    WHERE n.nspname = ANY ($1) OR path.place IS NOT NULL
),
domains AS (
    SELECT t.oid, t.typbasetype, t.typnamespace
    FROM pg_catalog.pg_type t
    WHERE t.typtype = 'd' AND t.typnamespace IN (SELECT oid FROM named)
    UNION
    SELECT t.oid, t.typbasetype, t.typnamespace
    FROM domains d
    JOIN pg_catalog.pg_type t ON t.oid = d.typbasetype AND t.typtype = 'd'
)
SELECT n.nspname AS name, named.place, pg_catalog.has_schema_privilege(n.oid, 'USAGE') AS usable
FROM pg_catalog.pg_namespace n
LEFT JOIN named ON named.oid = n.oid
WHERE named.oid IS NOT NULL OR n.oid IN (SELECT typnamespace FROM domains)
ORDER BY named.place, n.nspname
