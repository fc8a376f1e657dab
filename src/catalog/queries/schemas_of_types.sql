-- The schemas of the relations that have columns of some types, of the types of some extensions, or of domains and arrays over them.
WITH RECURSIVE types AS (
    (SELECT t.oid FROM pg_catalog.pg_type t WHERE t.typname = ANY ($1)
    UNION
    SELECT d.objid FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
    WHERE d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass
      AND d.deptype = 'e' AND e.extname = ANY ($2))
    UNION
    SELECT t.oid FROM types o JOIN pg_catalog.pg_type t
      ON (t.typtype = 'd' AND t.typbasetype = o.oid) OR (t.typcategory = 'A' AND t.typelem = o.oid)
)
SELECT DISTINCT n.nspname AS name
FROM types t
JOIN pg_catalog.pg_attribute a ON a.atttypid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p', 'm')
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
