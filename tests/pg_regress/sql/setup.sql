-- Runs first: the other tests use the extension in this database.
CREATE EXTENSION pgmeta;
SELECT n.nspname AS schema, e.extrelocatable AS relocatable
FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pgmeta';
