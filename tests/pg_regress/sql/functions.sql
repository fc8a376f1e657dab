-- The functions as users and their tools find them.
\pset format unaligned
\pset tuples_only on
SELECT p.proname || '(' || pg_get_function_arguments(p.oid) || ') ' || pg_get_function_result(p.oid) AS signature,
  CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END,
  CASE p.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' ELSE 'unsafe' END,
  obj_description(p.oid, 'pg_proc')
FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
JOIN pg_extension e ON e.oid = d.refobjid
WHERE e.extname = 'pgmeta' ORDER BY p.proname, pg_get_function_arguments(p.oid) COLLATE "C";
-- In a schema of the user's choice
BEGIN;
DROP EXTENSION pgmeta;
CREATE SCHEMA "my Tools";
CREATE EXTENSION pgmeta SCHEMA "my Tools";
SELECT "my Tools".pgmeta_ddl('reg.counter');
SELECT length("my Tools".pgmeta_export('reg')) > 100;
ROLLBACK;
