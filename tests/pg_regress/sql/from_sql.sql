-- pgmeta_snapshot_from_sql: the model of what a text makes.
\pset format unaligned
\pset tuples_only on
SET client_min_messages = warning;
CREATE ROLE regress_from_sql_nobody LOGIN;
CREATE ROLE regress_from_sql_maker LOGIN CREATEDB;

SELECT jsonb_pretty(pgmeta_snapshot_from_sql('CREATE SCHEMA a; CREATE TABLE a.t (id integer PRIMARY KEY, "Né" text DEFAULT ''it''''s'')', '{"exclude": ["public"]}') -> 'tables');
SELECT jsonb_path_query_array(pgmeta_snapshot_from_sql(''), '$.schemas[*].name');
SELECT pgmeta_snapshot_from_sql(NULL) IS NULL, pgmeta_snapshot_from_sql(NULL, NULL) IS NULL;
SELECT pgmeta_snapshot_from_sql('CREATE SCHEMA a', NULL) = pgmeta_snapshot_from_sql('CREATE SCHEMA a');

-- What an export makes is what was exported.
CREATE SCHEMA from_sql_t;
CREATE TABLE from_sql_t.U&"Odd\000A""name/" (id integer, note text CHECK (note <> '\'));
CREATE VIEW from_sql_t.v AS SELECT count(*) AS n FROM from_sql_t.U&"Odd\000A""name/";
SELECT pgmeta_snapshot_ddl(pgmeta_snapshot_from_sql(pgmeta_export('from_sql_t'), '{"exclude": ["public"]}')) = pgmeta_export('from_sql_t');

-- Statements of every kind: those that are no part of a transaction, transactions, DO, what pg_dump puts around.
SELECT jsonb_path_query_array(pgmeta_snapshot_from_sql(E'\\restrict x
CREATE TABLE t (i int); CREATE INDEX CONCURRENTLY t_i ON t (i); VACUUM t;
BEGIN; CREATE TABLE u (); ROLLBACK; BEGIN; CREATE TABLE v (); COMMIT;
DO $$ BEGIN CREATE TABLE w (); END $$; CREATE TEMP TABLE x (); SET search_path = nowhere; SELECT 1;
\\unrestrict x
'), '$.tables[*].name');

-- Errors come with the line.
SELECT pgmeta_snapshot_from_sql(E'CREATE TABLE t (\n  i int,\n  j nosuch\n)');
SELECT pgmeta_snapshot_from_sql(E'CREATE TABLE t (i int);\n\n/* é */ CREAT TABLE u ()');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_snapshot_from_sql(E'CREATE TABLE t (i int);\n-- again\nCREATE TABLE t (i int)');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_snapshot_from_sql(E'CREATE TABLE t (i int);\nDO $$ BEGIN\n PERFORM 1/0; END $$');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_snapshot_from_sql('BEGIN; CREATE TABLE t (i int)');
\echo :LAST_ERROR_SQLSTATE

-- What is not possible.
SELECT pgmeta_snapshot_from_sql(E'SELECT 1;\n\\connect other');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_snapshot_from_sql(E'CREATE TABLE t (i int);\nCOPY t (i) FROM stdin;\n1\n\\.\n');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_snapshot_from_sql('CREATE ROLE regress_from_sql_never');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_snapshot_from_sql('DO $$ BEGIN ALTER ROLE regress_from_sql_nobody SUPERUSER; END $$');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_snapshot_from_sql('', '{"cluster": true}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_snapshot_from_sql('', '{"nosuch": true}');
\echo :LAST_ERROR_SQLSTATE
BEGIN READ ONLY;
SELECT pgmeta_snapshot_from_sql('');
\echo :LAST_ERROR_SQLSTATE
ROLLBACK;

-- Secrets are masked unless they are asked for.
SELECT s -> 'user_mappings', i -> 'user_mappings' FROM (VALUES ('CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;
    CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS ("user" ''me'', password ''hush'')')) t (ddl),
    pgmeta_snapshot_from_sql(ddl) s, pgmeta_snapshot_from_sql(ddl, '{"secrets": "include"}') i;

-- A caller without rights, and one with some: the text has no more.
SET ROLE regress_from_sql_nobody;
SELECT pgmeta_snapshot_from_sql('');
\echo :LAST_ERROR_SQLSTATE
SET ROLE regress_from_sql_maker;
SELECT jsonb_path_query(pgmeta_snapshot_from_sql('CREATE SCHEMA a'), '$.schemas[*] ? (@.name == "a").owner');
SELECT pgmeta_snapshot_from_sql('RESET ROLE; RESET SESSION AUTHORIZATION; SET ROLE regress_from_sql_nobody');
\echo :LAST_ERROR_SQLSTATE
RESET ROLE;

SELECT count(*) FROM pg_database WHERE datname LIKE 'pgmeta\_scratch\_%';
DROP SCHEMA from_sql_t CASCADE;
DROP ROLE regress_from_sql_nobody, regress_from_sql_maker;
