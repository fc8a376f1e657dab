-- The types of extensions.
SELECT e.extname AS extension, pg_catalog.format_type(t.oid, NULL) AS name
FROM pg_catalog.pg_depend d
JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
JOIN pg_catalog.pg_type t ON t.oid = d.objid
WHERE d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass
  AND d.deptype = 'e' AND e.extname = ANY ($1) AND t.typcategory <> 'A'
