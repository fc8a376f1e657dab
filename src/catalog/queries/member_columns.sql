-- Columns of what member_objects.sql finds that have something to tell themselves.
WITH members AS MATERIALIZED (
    SELECT objid AS oid
    FROM pg_catalog.pg_depend
    WHERE classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND deptype = 'e'
      AND refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
), relations AS (
    SELECT oid, true AS member FROM members
    UNION ALL
    SELECT oid, false FROM pg_catalog.pg_class WHERE oid < 16384 AND oid NOT IN (SELECT oid FROM members)
)
SELECT a.attrelid AS relation, a.attnum::pg_catalog.int4 AS number, a.attname AS name,
       a.attacl IS DISTINCT FROM i.initprivs AS changed, i.initprivs AS initial, a.attacl AS current
FROM relations r
JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid
LEFT JOIN pg_catalog.pg_init_privs i
       ON i.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND i.objoid = a.attrelid AND i.objsubid = a.attnum
WHERE NOT a.attisdropped
  AND (a.attacl IS DISTINCT FROM i.initprivs
       OR r.member AND (
           EXISTS (SELECT FROM pg_catalog.pg_description d
                   WHERE d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objoid = a.attrelid
                     AND d.objsubid = a.attnum)
           OR EXISTS (SELECT FROM pg_catalog.pg_seclabel l
                      WHERE l.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND l.objoid = a.attrelid
                        AND l.objsubid = a.attnum)))
