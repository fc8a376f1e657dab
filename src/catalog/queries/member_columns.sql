-- Columns of what member_objects.sql finds that have something to tell themselves.
SELECT a.attrelid AS relation, a.attnum::pg_catalog.int4 AS number, a.attname AS name,
       a.attacl IS DISTINCT FROM i.initprivs AS changed, i.initprivs AS initial, a.attacl AS current
FROM pg_catalog.pg_attribute a
LEFT JOIN pg_catalog.pg_init_privs i
       ON i.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND i.objoid = a.attrelid AND i.objsubid = a.attnum
LEFT JOIN pg_catalog.pg_depend m
       ON m.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND m.objid = a.attrelid AND m.deptype = 'e'
      AND m.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
LEFT JOIN pg_catalog.pg_description d
       ON d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objoid = a.attrelid AND d.objsubid = a.attnum
LEFT JOIN (
    SELECT DISTINCT objoid, objsubid FROM pg_catalog.pg_seclabel
    WHERE classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND objsubid <> 0
) l ON l.objoid = a.attrelid AND l.objsubid = a.attnum
WHERE NOT a.attisdropped
  AND (a.attacl IS DISTINCT FROM i.initprivs AND (m.objid IS NOT NULL OR a.attrelid < 16384)
       OR m.objid IS NOT NULL AND (d.objoid IS NOT NULL OR l.objoid IS NOT NULL))
