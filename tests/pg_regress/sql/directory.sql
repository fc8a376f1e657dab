-- pgmeta_export_to_directory: the files on the server.
SET client_min_messages = warning;
CREATE ROLE regress_directory_reader;
CREATE ROLE regress_directory_writer IN ROLE pg_write_server_files;
CREATE SCHEMA directory_t;
CREATE TABLE directory_t.items (id integer, CONSTRAINT items_key UNIQUE (id));
CREATE TABLE directory_t."../../up" (id integer);
CREATE VIEW directory_t.counted AS SELECT count(*) AS n FROM directory_t.items;
-- A folder of this database's own.
SELECT current_setting('data_directory') || '/regress_' || oid AS folder FROM pg_database WHERE datname = current_database() \gset

-- Every file is new, then none.
SELECT * FROM pgmeta_export_to_directory(:'folder', 'directory_t');
SELECT action, count(*) FROM pgmeta_export_to_directory(:'folder', '{directory_t}'::text[]) GROUP BY action;
SELECT count(*) AS differ FROM pgmeta_export_files('directory_t') WHERE content <> pg_read_file(:'folder' || '/' || path);
SELECT pg_ls_dir(:'folder', false, false) AS name ORDER BY name;
SELECT pg_read_file(:'folder' || '/.pgmeta-files') \g (format=unaligned tuples_only=on)

-- What changed is updated, what is gone is deleted with the folders that this leaves empty; no other file is touched.
CREATE FUNCTION pg_temp.write(path text, content text) RETURNS void LANGUAGE plpgsql AS
    $$BEGIN EXECUTE format('COPY (SELECT %L) TO %L', content, path); END$$;
SELECT pg_temp.write(:'folder' || '/directory_t/tables/items/mine.sql', 'mine');
SELECT pg_temp.write(:'folder' || '/directory_t/schema.sql', 'changed');
DROP VIEW directory_t.counted;
ALTER TABLE directory_t.items DROP CONSTRAINT items_key;
CREATE INDEX items_idx ON directory_t.items (id);
SELECT * FROM pgmeta_export_to_directory(:'folder', 'directory_t');
SELECT pg_ls_dir(:'folder' || '/directory_t') AS name ORDER BY name;
SELECT pg_ls_dir(:'folder' || '/directory_t/tables/items') AS name ORDER BY name;
SELECT pg_read_file(:'folder' || '/directory_t/tables/items/mine.sql') AS mine;

-- The other arguments. Where they choose other objects than the last call, nothing is deleted unless prune says so.
SELECT * FROM pgmeta_export_to_directory(:'folder', 'directory_t', '{table}', 'items', 'fail', '{"owner": false}');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM pgmeta_export_to_directory(:'folder', 'directory_t', '{table}', 'items', 'fail', '{"owner": false, "prune": true}');
SELECT pg_read_file(:'folder' || '/.pgmeta-files') \g (format=unaligned tuples_only=on)
SELECT * FROM pgmeta_export_to_directory(:'folder', 'directory_t', name_pattern => '^nothing$', options => '{"prune": true}');

-- No schema at all is no choice, and deletes nothing.
SELECT * FROM pgmeta_export_to_directory(:'folder', '');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM pgmeta_export_to_directory(:'folder', ' {} ');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM pgmeta_export_to_directory(:'folder', '{}'::text[], NULL, NULL, NULL, '{"prune": true}');
\echo :LAST_ERROR_SQLSTATE

-- Errors write nothing. The folder's name differs from run to run.
CREATE FUNCTION pg_temp.error_of(directory text, schemas text DEFAULT 'directory_t') RETURNS TABLE (code text, message text, hint text) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM * FROM pgmeta_export_to_directory(directory, schemas);
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
    message := regexp_replace(replace(message, current_setting('data_directory'), 'DATA'), 'regress_[0-9]+', 'FOLDER');
    RETURN NEXT;
END
$$;
-- A file of somebody else's that is in the way stays, and nothing is written.
SELECT pg_temp.write(:'folder' || '/install.sql', 'mine');
SELECT pg_temp.write(:'folder' || '/.pgmeta-files', '# empty');
SELECT * FROM pg_temp.error_of(:'folder');
SELECT pg_read_file(:'folder' || '/install.sql') AS mine, pg_stat_file(:'folder' || '/directory_t/schema.sql', true) IS NULL AS not_written;
SELECT pg_temp.write(:'folder' || '/.pgmeta-files', 'install.sql');
SELECT * FROM pg_temp.error_of('relative/path');
SELECT * FROM pg_temp.error_of('');
SELECT * FROM pg_temp.error_of('../up');
SELECT * FROM pg_temp.error_of(NULL);
SELECT * FROM pg_temp.error_of(:'folder', 'nope');
SELECT * FROM pg_temp.error_of(current_setting('data_directory') || '/PG_VERSION');
SELECT * FROM pg_temp.error_of(current_setting('data_directory') || '/PG_VERSION/below');
SELECT * FROM pg_temp.error_of(:'folder' || '_none', 'nope');
SELECT pg_stat_file(:'folder' || '_none', true) IS NULL AS not_made;
SELECT * FROM pgmeta_export_to_directory(:'folder', 'directory_t', options => '{"directory": 1}');
\echo :LAST_ERROR_SQLSTATE
\set VERBOSITY terse
SELECT * FROM pgmeta_export_to_directory(:'folder', 'directory_t', '{gadget}');
\set VERBOSITY default
\echo :LAST_ERROR_SQLSTATE

-- It takes the rights of pg_write_server_files.
SET ROLE regress_directory_reader;
SELECT * FROM pgmeta_export_to_directory(:'folder', 'directory_t');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM pgmeta_export_to_directory('relative', 'directory_t');
\echo :LAST_ERROR_SQLSTATE
SET ROLE regress_directory_writer;
SELECT action, count(*) FROM pgmeta_export_to_directory(:'folder', 'directory_t') GROUP BY action;
RESET ROLE;
SELECT action, count(*) FROM pgmeta_export_to_directory(:'folder', 'directory_t', name_pattern => '^nothing$', options => '{"prune": true}') GROUP BY action ORDER BY action;
DROP SCHEMA directory_t CASCADE;
DROP ROLE regress_directory_reader, regress_directory_writer;
