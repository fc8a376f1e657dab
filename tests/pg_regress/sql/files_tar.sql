-- pgmeta_export_files and pgmeta_export_tar.
SET client_min_messages = warning;
CREATE ROLE regress_files_reader;
CREATE SCHEMA files_t;
CREATE TABLE files_t.items (id integer, CONSTRAINT items_key UNIQUE (id));
CREATE INDEX items_idx ON files_t.items ((id + 1));
CREATE TABLE files_t."Items" (id integer);
CREATE TABLE files_t."a/../b" (id integer);
CREATE TABLE files_t.con (id integer);
CREATE TABLE files_t.U&"two\000Alines" (id integer);
CREATE FUNCTION files_t.f(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION files_t.f(text) RETURNS integer LANGUAGE sql AS 'SELECT 1';

-- The files, the last of which includes the others in restorable order.
SELECT path, length(content) > 0 AS has_content,
    fingerprint = encode(sha256(convert_to(content, 'UTF8')), 'hex') AS fingerprint_of_content
FROM pgmeta_export_files('files_t');
SELECT content FROM pgmeta_export_files('files_t', '{table}', '^items$', 'fail', '{"owner": false}') \g (format=unaligned tuples_only=on)
SELECT count(*) AS differ
FROM pgmeta_objects('files_t') o FULL JOIN (SELECT * FROM pgmeta_export_files('files_t') WHERE path <> 'install.sql') f USING (path)
WHERE o.ddl IS DISTINCT FROM f.content OR o.fingerprint IS DISTINCT FROM f.fingerprint;
SELECT count(*) AS bad_paths FROM pgmeta_export_files() WHERE path ~ '(^|/)\.\.?(/|$)|^/|//|[^-A-Za-z0-9_~./]' OR path = '';
SELECT count(*) - count(DISTINCT lower(path)) AS clashes FROM pgmeta_export_files();
SELECT path FROM pgmeta_export_files('{}'::text[]);
\echo :LAST_ERROR_SQLSTATE

-- Forms and NULL.
SELECT (SELECT array_agg(f) FROM pgmeta_export_files() f) = (SELECT array_agg(f) FROM pgmeta_export_files(NULL, NULL, NULL, NULL, NULL) f) AS nulls,
    (SELECT array_agg(f) FROM pgmeta_export_files() f) = (SELECT array_agg(f) FROM pgmeta_export_files('{ALL}'::text[]) f) AS array_form;

-- The archive: the same files each time, in the tar format of POSIX.
SELECT pgmeta_export_tar('files_t') = pgmeta_export_tar('{files_t}'::text[]) AS same,
    pgmeta_export_tar() = pgmeta_export_tar(NULL, NULL, NULL, NULL, NULL) AS nulls;
CREATE FUNCTION pg_temp.members(archive bytea) RETURNS TABLE (path text, mode text, modified text, magic text, content text) LANGUAGE plpgsql AS $$
DECLARE
    at integer := 1;
    bytes integer;
    field CONSTANT bytea := '\x00';
BEGIN
    WHILE at <= length(archive) AND get_byte(archive, at - 1) <> 0 LOOP
        path := convert_from(rtrim(substring(archive FROM at FOR 100), field), 'UTF8');
        mode := encode(rtrim(substring(archive FROM at + 100 FOR 8), field), 'escape');
        modified := encode(rtrim(substring(archive FROM at + 136 FOR 12), field), 'escape');
        magic := encode(rtrim(substring(archive FROM at + 257 FOR 6), field), 'escape');
        bytes := 0;
        FOR i IN 0 .. 10 LOOP bytes := bytes * 8 + get_byte(archive, at + 124 + i - 1) - 48; END LOOP;
        content := convert_from(substring(archive FROM at + 512 FOR bytes), 'UTF8');
        at := at + 512 + (bytes + 511) / 512 * 512;
        RETURN NEXT;
    END LOOP;
END
$$;
SELECT length(pgmeta_export_tar('files_t')) % 512 AS rest,
    substring(pgmeta_export_tar('files_t') FROM length(pgmeta_export_tar('files_t')) - 1023) = decode(repeat('00', 1024), 'hex') AS ends;
SELECT m.path, m.mode, m.modified, m.magic, m.content = f.content AS same_content
FROM pg_temp.members(pgmeta_export_tar('files_t')) WITH ORDINALITY AS m (path, mode, modified, magic, content, place)
FULL JOIN pgmeta_export_files('files_t') f USING (path) ORDER BY m.place;

-- Errors.
SELECT path FROM pgmeta_export_files('nope');
\echo :LAST_ERROR_SQLSTATE
\set VERBOSITY terse
SELECT path FROM pgmeta_export_files('files_t', '{gadget}');
\set VERBOSITY default
\echo :LAST_ERROR_SQLSTATE
SELECT path FROM pgmeta_export_files('files_t', on_error => 'no');
\echo :LAST_ERROR_SQLSTATE
SELECT path FROM pgmeta_export_files('files_t', options => '{"format": 1}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_export_tar('nope');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_export_tar('files_t', options => '7');
\echo :LAST_ERROR_SQLSTATE

-- A role without rights.
REVOKE ALL ON SCHEMA files_t FROM PUBLIC;
SELECT encode(sha256(pgmeta_export_tar('files_t')), 'hex') AS before \gset
SET ROLE regress_files_reader;
SELECT encode(sha256(pgmeta_export_tar('files_t')), 'hex') = :'before' AS same;
RESET ROLE;
DROP SCHEMA files_t CASCADE;
DROP ROLE regress_files_reader;
