-- What orders statements: normal dependencies among user objects, and those of operator class members, which are
-- automatic where they are soft. Dependence on a schema or on one's own table is implied.
SELECT classid AS class, objid AS oid, refclassid AS ref_class, refobjid AS ref_oid
FROM pg_catalog.pg_depend
WHERE (deptype = 'n' OR classid IN ('pg_catalog.pg_amop'::pg_catalog.regclass, 'pg_catalog.pg_amproc'::pg_catalog.regclass))
  AND refobjid >= 16384
  AND refclassid <> 'pg_catalog.pg_namespace'::pg_catalog.regclass
{{generated_columns}}
