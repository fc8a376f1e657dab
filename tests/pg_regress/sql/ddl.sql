-- pgmeta_ddl and pgmeta_object_ddl: one object.
\pset format unaligned
\pset tuples_only on
SET search_path = public, pg_catalog;
-- by name, in all the ways to write one
SELECT pgmeta_ddl('reg.person');
SELECT pgmeta_ddl('reg.pet');
SELECT pgmeta_ddl('reg.pet', '{"dependents": false}');
SELECT pgmeta_ddl('reg.f(int)');
SELECT pgmeta_ddl('reg.mood');
SELECT pgmeta_ddl('"Odd ""schema"""."a/b"');
SELECT pgmeta_ddl(E'"Odd ""schema"""."new\nline; DROP SCHEMA reg CASCADE; --"');
-- by OID
SELECT pgmeta_ddl('reg.grown_up'::regclass);
SELECT pgmeta_ddl('reg.pet_lower_idx'::regclass);
SELECT pgmeta_ddl('reg.counter'::regclass);
SELECT pgmeta_ddl('reg.f()'::regprocedure);
SELECT pgmeta_ddl('reg.total(int)'::regprocedure);
SELECT pgmeta_ddl('reg.positive'::regtype);
SELECT pgmeta_ddl('reg.===(int, int)'::regoperator);
SELECT pgmeta_ddl('reg'::regnamespace, '{"dependents": false}');
SELECT pgmeta_ddl('pgmeta_reg_nobody'::regrole);
-- a name of the search_path
SET search_path = reg, public;
SELECT pgmeta_ddl('counter') = pgmeta_ddl('reg.counter');
SET search_path = public, pg_catalog;
-- by address
SELECT pgmeta_object_ddl('trigger', ARRAY['reg', 'pet', 'touch']);
SELECT pgmeta_object_ddl('policy', ARRAY['reg', 'pet', 'own']);
SELECT pgmeta_object_ddl('table constraint', ARRAY['reg', 'pet', 'pet_name_not_empty']);
SELECT pgmeta_object_ddl('function', ARRAY['reg', 'f'], ARRAY['integer']);
SELECT pgmeta_object_ddl('aggregate', ARRAY['reg', 'total'], ARRAY['integer']);
-- options
SELECT pgmeta_ddl('reg.person', '{"owner": false, "privileges": false, "comments": false, "dependents": false}');
SELECT pgmeta_ddl('reg.pet', '{"if_not_exists": true, "owner": false}');
SELECT pgmeta_ddl('reg.pet', '{"sections": ["post-data"]}');
-- NULL in, NULL out
SELECT pgmeta_ddl(NULL::text) IS NULL, pgmeta_ddl(NULL::regclass) IS NULL, pgmeta_ddl(NULL::regtype) IS NULL;
SELECT pgmeta_object_ddl(NULL, ARRAY['a']) IS NULL, pgmeta_object_ddl('table', NULL) IS NULL;
SELECT pgmeta_ddl('reg.counter', NULL) = pgmeta_ddl('reg.counter');
-- errors: what is wrong, its SQLSTATE, and what to do
\set SHOW_CONTEXT never
\set VERBOSITY default
SELECT pgmeta_ddl('reg.f');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_ddl('reg.persom');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_ddl('no_schema.x');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_ddl('');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_ddl('a.b.c.d');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_ddl('"open');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_ddl('reg.f(no_such_type)');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_ddl('pg_catalog.pg_class');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_ddl('pgmeta_version()'::regprocedure);
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_ddl(4294967295::oid::regclass);
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_object_ddl('tabel', ARRAY['reg', 'pet']);
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_object_ddl('table', ARRAY['reg', 'nothing']);
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_object_ddl('table', ARRAY['reg', NULL]);
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_object_ddl('table', '{}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_object_ddl('table column', ARRAY['reg', 'pet', 'name']);
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_ddl('reg.pet', '{"dependants": true}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_ddl('reg.pet', '{"dependents": "yes"}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_ddl('reg.pet', '[]');
\echo :LAST_ERROR_SQLSTATE
-- a caller without rights
SET ROLE pgmeta_reg_nobody;
SELECT pgmeta_ddl('reg.mood');
RESET ROLE;
