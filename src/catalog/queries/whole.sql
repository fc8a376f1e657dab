-- What an object (of catalog $1, with OID $2) is an inseparable part of: its constraint, its table, its column, its type.
SELECT w.class, w.oid, pg_catalog.pg_describe_object(w.class, w.oid, w.sub) AS description
FROM (
    SELECT 'pg_catalog.pg_constraint'::pg_catalog.regclass::pg_catalog.oid AS class, oid, 0 AS sub, 1 AS place
    FROM pg_catalog.pg_constraint
    WHERE conindid = $2[1] AND $1[1] = 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid AND contype IN ('p', 'u', 'x')
    UNION ALL
    SELECT refclassid, refobjid, refobjsubid, 2
    FROM pg_catalog.pg_depend WHERE classid = $1[1] AND objid = $2[1] AND objsubid = 0 AND deptype = 'i'
) w
ORDER BY w.place, w.class, w.oid
LIMIT 1
