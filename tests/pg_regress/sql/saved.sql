-- pgmeta_snapshot_save, pgmeta_snapshot_load, pgmeta_snapshot_delete, view pgmeta.snapshots.
\pset format unaligned
\pset tuples_only on
SET client_min_messages = warning;
CREATE ROLE regress_saved_nobody;
CREATE ROLE regress_saved_reader;
CREATE ROLE regress_saved_writer;
CREATE SCHEMA saved_t;
CREATE TABLE saved_t.items (id integer PRIMARY KEY);

-- Versions count up for each name; the latest is loaded unless another is asked for.
SELECT pgmeta_snapshot_save('base', pgmeta_snapshot('saved_t'), 'the first');
ALTER TABLE saved_t.items ADD note text;
SELECT pgmeta_snapshot_save('base', pgmeta_snapshot('saved_t'));
SELECT pgmeta_snapshot_save('other', pgmeta_snapshot('saved_t'), NULL);
SELECT pgmeta_snapshot_load('base') = pgmeta_snapshot('saved_t'), pgmeta_snapshot_load('base', NULL) = pgmeta_snapshot('saved_t'),
    pgmeta_snapshot_load('base', 1) = pgmeta_snapshot('saved_t'), pgmeta_snapshot_load('base', 2) = pgmeta_snapshot('saved_t');
SELECT jsonb_path_query_array(pgmeta_snapshot_load('base', 1), '$.tables[*].columns[*].name');
SELECT name, version, comment, server_version_num = current_setting('server_version_num')::integer, created_by = current_user,
    created_at <= statement_timestamp(), bytes > 100, fingerprint = pgmeta_fingerprint('saved_t')
FROM pgmeta.snapshots ORDER BY name, version;

-- Without a snapshot: the whole database.
SELECT pgmeta_snapshot_save('whole');
SELECT pgmeta_snapshot_load('whole') = pgmeta_snapshot(), fingerprint = pgmeta_fingerprint() FROM pgmeta.snapshots WHERE name = 'whole';

-- What is no snapshot is not saved, and takes no version.
SELECT pgmeta_snapshot_save('base', '{"format_version": 1, "server_version_num": 150000, "tables": [{"schema": "a", "name": "t", "colums": []}]}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_snapshot_save('base', '{}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_snapshot_save('base', 'null'::jsonb);
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_snapshot_save('base', '{"format_version": 99, "server_version_num": 150000}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_snapshot_save('base', '{"format_version": 1, "server_version_num": 140000}');

-- The name that means the live database.
SELECT pgmeta_snapshot_save('live');
\echo :LAST_ERROR_SQLSTATE

-- NULLs.
SELECT pgmeta_snapshot_load(NULL) IS NULL, pgmeta_snapshot_load(NULL, 1) IS NULL;
SELECT pgmeta_snapshot_save(NULL, '{"format_version": 1, "server_version_num": 140000}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_snapshot_save('', '{"format_version": 1, "server_version_num": 140000}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_snapshot_delete(NULL);
\echo :LAST_ERROR_SQLSTATE

-- What is not there: the hint lists what is.
SELECT pgmeta_snapshot_load('nope');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_snapshot_load('nope', 1);
SELECT pgmeta_snapshot_load('base', 9);
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_snapshot_delete('nope');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_snapshot_delete('base', 0);
\echo :LAST_ERROR_SQLSTATE

-- Odd names.
SELECT pgmeta_snapshot_save(U&'it''s "odd"\000A$1 \00FC', '{"format_version": 1, "server_version_num": 140000}', '');
SELECT name, version, comment = '' FROM pgmeta.snapshots WHERE name ~ 'odd';
SELECT pgmeta_snapshot_load(U&'it''s "odd"\000A$1 \00FC');
SELECT pgmeta_snapshot_load('Odd; --', 1);
SELECT pgmeta_snapshot_delete(U&'it''s "odd"\000A$1 \00FC');

-- Deleting; a version's number is not given again.
SELECT pgmeta_snapshot_delete('base', 3);
SELECT pgmeta_snapshot_load('base', 3);
SELECT pgmeta_snapshot_load('base') = pgmeta_snapshot('saved_t');
SELECT pgmeta_snapshot_save('base', pgmeta_snapshot('saved_t'));
SELECT pgmeta_snapshot_delete('base');
SELECT pgmeta_snapshot_load('base');
SELECT pgmeta_snapshot_save('base', pgmeta_snapshot('saved_t'));
SELECT version FROM pgmeta.snapshots WHERE name = 'base';

-- In a transaction.
BEGIN;
SELECT pgmeta_snapshot_save('base', pgmeta_snapshot('saved_t'));
SELECT pgmeta_snapshot_save('base', pgmeta_snapshot('saved_t'));
ROLLBACK;
SELECT pgmeta_snapshot_save('base', pgmeta_snapshot('saved_t'));
BEGIN READ ONLY;
SELECT pgmeta_snapshot_load('base') = pgmeta_snapshot('saved_t');
SELECT pgmeta_snapshot_save('base', pgmeta_snapshot('saved_t'));
\echo :LAST_ERROR_SQLSTATE
ROLLBACK;
BEGIN READ ONLY;
SELECT pgmeta_snapshot_delete('base');
\echo :LAST_ERROR_SQLSTATE
ROLLBACK;

-- The caller's search_path and objects of the same names do not matter.
CREATE SCHEMA saved_trap;
CREATE TABLE saved_trap.saved_snapshots (name text, version bigint);
CREATE FUNCTION saved_trap.max(bigint) RETURNS bigint LANGUAGE sql AS 'SELECT -1::bigint';
SET search_path = saved_trap, pg_catalog, public;
SELECT public.pgmeta_snapshot_load('base') = public.pgmeta_snapshot('saved_t');
SHOW search_path;
RESET search_path;

-- A caller without rights, and with some.
SELECT has_schema_privilege('regress_saved_nobody', 'pgmeta', 'USAGE'), has_table_privilege('regress_saved_nobody', 'pgmeta.snapshots', 'SELECT');
SET ROLE regress_saved_nobody;
SELECT pgmeta_snapshot_save('mine');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_snapshot_load('base');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_snapshot_delete('base');
\echo :LAST_ERROR_SQLSTATE
SELECT name FROM pgmeta.snapshots;
\echo :LAST_ERROR_SQLSTATE
RESET ROLE;
GRANT USAGE ON SCHEMA pgmeta TO regress_saved_reader, regress_saved_writer;
GRANT SELECT ON pgmeta.snapshots, pgmeta.saved_snapshots TO regress_saved_reader, regress_saved_writer;
GRANT SELECT, INSERT, UPDATE ON pgmeta.snapshot_names TO regress_saved_writer;
GRANT INSERT ON pgmeta.saved_snapshots TO regress_saved_writer;
SET ROLE regress_saved_reader;
SELECT pgmeta_snapshot_load('base') = pgmeta_snapshot('saved_t');
SELECT pgmeta_snapshot_save('mine', '{"format_version": 1, "server_version_num": 140000}');
SELECT pgmeta_snapshot_delete('base');
SET ROLE regress_saved_writer;
SELECT pgmeta_snapshot_save('mine', '{"format_version": 1, "server_version_num": 140000}');
SELECT pgmeta_snapshot_delete('mine');
RESET ROLE;
SELECT name, created_by FROM pgmeta.snapshots WHERE name = 'mine';

-- The tables are the extension's: no export has them, but pg_dump has their rows.
SELECT identity FROM pgmeta_objects() WHERE schema = 'pgmeta' OR (type = 'schema' AND name = 'pgmeta');
SELECT c::regclass FROM pg_extension e, unnest(e.extconfig) c WHERE e.extname = 'pgmeta' ORDER BY c::regclass::text;

SELECT count(*) FROM (SELECT pgmeta_snapshot_delete(name) FROM (SELECT DISTINCT name FROM pgmeta.snapshots) n) d;
DROP SCHEMA saved_t, saved_trap CASCADE;
REVOKE ALL ON ALL TABLES IN SCHEMA pgmeta FROM regress_saved_reader, regress_saved_writer;
REVOKE ALL ON SCHEMA pgmeta FROM regress_saved_reader, regress_saved_writer;
DROP ROLE regress_saved_nobody, regress_saved_reader, regress_saved_writer;
