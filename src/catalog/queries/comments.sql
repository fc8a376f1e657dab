SELECT classoid AS class, objoid AS oid, objsubid AS sub, description AS comment
FROM pg_catalog.pg_description WHERE objoid >= 16384 OR (classoid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND objoid = 2200)
UNION ALL
SELECT classoid, objoid, 0, description FROM pg_catalog.pg_shdescription
