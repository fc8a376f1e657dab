-- pgmeta_objects, and the arguments that every export function has.
SET client_min_messages = warning;
CREATE ROLE regress_objects_reader;
CREATE SCHEMA objects_a;
CREATE SCHEMA objects_b;
CREATE TYPE objects_a.color AS ENUM ('red', 'green');
CREATE TABLE objects_a.items (id integer, color objects_a.color, CONSTRAINT items_key UNIQUE (id));
COMMENT ON TABLE objects_a.items IS 'things';
CREATE INDEX items_color ON objects_a.items (color);
CREATE VIEW objects_a.counted AS SELECT count(*) AS n FROM objects_a.items;
CREATE TABLE objects_b.lines (item_id integer CONSTRAINT lines_item REFERENCES objects_a.items (id), size integer);
ALTER TABLE objects_b.lines ENABLE ROW LEVEL SECURITY;
CREATE POLICY all_rows ON objects_b.lines USING (true);
CREATE FUNCTION objects_b.size(integer) RETURNS integer LANGUAGE sql AS 'SELECT $1';
CREATE FUNCTION objects_b.size(text) RETURNS integer LANGUAGE sql AS 'SELECT 1';

-- One row for each step, in restorable order.
SELECT ordinal, type, schema, name, identity, parent, path FROM pgmeta_objects('{objects_a,objects_b}'::text[]);
SELECT ordinal, pg_describe_object(classid, objid, objsubid) AS object, error,
    fingerprint = encode(sha256(convert_to(ddl, 'UTF8')), 'hex') AS fingerprint_of_ddl
FROM pgmeta_objects('{objects_a}'::text[]);
SELECT ddl FROM pgmeta_objects('objects_b', '{table}', 'lines', 'fail', '{"owner": false}');
SELECT pg_get_function_result('pgmeta_objects(text[],text[],text,text,jsonb)'::regprocedure) AS result;

-- Types and identities are those of pg_identify_object.
SELECT o.type, o.identity, i.type AS type_there, i.identity AS identity_there
FROM pgmeta_objects('objects_a, objects_b') o, pg_identify_object(o.classid, o.objid, o.objsubid) i
WHERE (o.type, o.identity) IS DISTINCT FROM (i.type, i.identity);

-- The forms of schemas.
CREATE FUNCTION pg_temp.identities(o_schemas text) RETURNS text LANGUAGE sql AS
    $$SELECT string_agg(identity, ', ' ORDER BY ordinal) FROM pgmeta_objects(o_schemas, '{schema,view}')$$;
SELECT pg_temp.identities('objects_a');
SELECT pg_temp.identities(' objects_b ,objects_a ');
SELECT pg_temp.identities('{objects_a,objects_b}');
SELECT pg_temp.identities('{"objects_a", objects_b}');
SELECT pg_temp.identities('');
SELECT pg_temp.identities('{}');
SELECT pg_temp.identities('objects_a,objects_a');
SELECT count(*) FROM pgmeta_objects('{}'::text[]);
\echo :LAST_ERROR_SQLSTATE
SELECT count(DISTINCT schemas) AS forms, count(DISTINCT identities) AS answers
FROM unnest(ARRAY['ALL', '{ALL}', '"ALL"', NULL]) AS schemas, pg_temp.identities(schemas) AS identities;
SELECT (SELECT array_agg(o) FROM pgmeta_objects() o) = (SELECT array_agg(o) FROM pgmeta_objects('ALL') o) AS all_text,
    (SELECT array_agg(o) FROM pgmeta_objects() o) = (SELECT array_agg(o) FROM pgmeta_objects('{ALL}'::text[]) o) AS all_array,
    (SELECT array_agg(o) FROM pgmeta_objects() o) = (SELECT array_agg(o) FROM pgmeta_objects(NULL::text) o) AS null_text,
    (SELECT array_agg(o) FROM pgmeta_objects() o)
        = (SELECT array_agg(o) FROM pgmeta_objects(NULL::text[], NULL, NULL, NULL, NULL) o) AS nulls;
SELECT type, identity FROM pgmeta_objects(options => '{"self": true}') WHERE type = 'extension' AND identity = 'pgmeta';
SELECT identity FROM pgmeta_objects() WHERE identity LIKE '%pgmeta\_%';

-- Missing schemas: all of them are named.
SELECT count(*) FROM pgmeta_objects('nope');
\echo :LAST_ERROR_SQLSTATE
SELECT count(*) FROM pgmeta_objects('objects_a, nope, Objects_A, "a""b"');
\echo :LAST_ERROR_SQLSTATE
SELECT count(*) FROM pgmeta_objects('{objects_a,nope}'::text[]);
\echo :LAST_ERROR_SQLSTATE
SELECT count(*) FROM pgmeta_objects('{objects_a,NULL}'::text[]);
\echo :LAST_ERROR_SQLSTATE
SELECT count(*) FROM pgmeta_objects('{objects_a,ALL}'::text[]);
\echo :LAST_ERROR_SQLSTATE

-- Types.
SELECT type, identity FROM pgmeta_objects('objects_a, objects_b', types => '{table,policy}');
SELECT type, identity FROM pgmeta_objects('objects_b', types => '{function}');
SELECT count(*) FROM pgmeta_objects('objects_b', types => '{}');
SELECT count(*) FROM pgmeta_objects('objects_b', types => '{tables}');
\echo :LAST_ERROR_SQLSTATE
\set VERBOSITY terse
SELECT count(*) FROM pgmeta_objects('objects_b', types => '{Table}');
\set VERBOSITY default
\echo :LAST_ERROR_SQLSTATE

-- Name patterns: POSIX regular expressions, of the server's own kind.
SELECT type, identity FROM pgmeta_objects('objects_a, objects_b', name_pattern => '^items');
SELECT identity FROM pgmeta_objects('objects_a, objects_b', name_pattern => '(?i)^LINES$|\mcounted\M');
SELECT count(*) FROM pgmeta_objects('objects_a', name_pattern => 'items(');
\echo :LAST_ERROR_SQLSTATE

-- on_error: a broken object is an error that names it, or a row and a warning.
-- The messages have OIDs, which differ from run to run.
CREATE FUNCTION pg_temp.error_of(statement text) RETURNS TABLE (code text, message text, hint text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE statement;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
    message := regexp_replace(message, '\d+', 'N', 'g');
    RETURN NEXT;
END
$$;
BEGIN;
CREATE FUNCTION objects_b.gone() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE VIEW objects_b.broken AS SELECT objects_b.gone() AS a;
DELETE FROM pg_proc WHERE oid = 'objects_b.gone()'::regprocedure;
SELECT * FROM pg_temp.error_of('SELECT * FROM pgmeta_objects(''objects_b'')');
SELECT * FROM pg_temp.error_of('SELECT * FROM pgmeta_objects(''objects_b'', on_error => ''fail'')');
SET LOCAL client_min_messages = error;
SELECT type, schema, name, identity, parent, path, ddl, fingerprint, regexp_replace(error, ' \d+', ' N', 'g') AS error
FROM pgmeta_objects('objects_b', on_error => 'warn') WHERE error IS NOT NULL;
SELECT type, identity FROM pgmeta_objects('objects_b', on_error => 'warn') WHERE error IS NULL;
ROLLBACK;
SELECT count(*) FROM pgmeta_objects('objects_b', on_error => 'ignore');
\echo :LAST_ERROR_SQLSTATE

-- Options.
SELECT count(*) FROM pgmeta_objects('objects_b', options => '{"nosuch": 1}');
\echo :LAST_ERROR_SQLSTATE
SELECT count(*) FROM pgmeta_objects('objects_b', options => '"owner"');
\echo :LAST_ERROR_SQLSTATE
SELECT count(*) FROM pgmeta_objects('objects_b', options => '{"exclude": "objects_b"}');
\echo :LAST_ERROR_SQLSTATE
SELECT count(*) FROM pgmeta_objects('objects_b', options => '{"sections": ["data"]}');
\echo :LAST_ERROR_SQLSTATE
SELECT identity FROM pgmeta_objects('objects_a, objects_b', options => '{"exclude": ["objects_a", "objects_b.l*"]}');
SELECT identity FROM pgmeta_objects('objects_a', options => '{"sections": ["post-data"]}');
DROP SCHEMA objects_a, objects_b CASCADE;

-- Odd names: every file in its place, no path leaves the tree.
CREATE SCHEMA "Odd S/..";
CREATE TABLE "Odd S/.."."A" (id integer);
CREATE TABLE "Odd S/.."."a" (id integer);
CREATE TABLE "Odd S/.."."a/b" (id integer);
CREATE TABLE "Odd S/.."."CON" (id integer);
CREATE TABLE "Odd S/.."."say ""hi""" (id integer);
CREATE TABLE "Odd S/..".U&"new\000Aline" (id integer);
SELECT name, identity, path FROM pgmeta_objects('{"Odd S/.."}'::text[], '{table}');
SELECT identity FROM pgmeta_objects('"Odd S/.."', '{table}', '^a');
SELECT count(DISTINCT lower(path)) FROM pgmeta_objects('Odd S/..', '{table}');
DROP SCHEMA "Odd S/.." CASCADE;

-- A role without rights sees what the catalogs show it: everything but secrets.
CREATE SCHEMA objects_c;
REVOKE ALL ON SCHEMA objects_c FROM PUBLIC;
CREATE TABLE objects_c.private (id integer);
CREATE FOREIGN DATA WRAPPER objects_fdw;
CREATE SERVER objects_server FOREIGN DATA WRAPPER objects_fdw;
CREATE USER MAPPING FOR PUBLIC SERVER objects_server OPTIONS ("user" 'me', password 'hush');
SELECT ddl FROM pgmeta_objects(types => '{user mapping}');
SELECT ddl FROM pgmeta_objects(types => '{user mapping}', options => '{"secrets": "include"}');
SET ROLE regress_objects_reader;
SELECT type, identity FROM pgmeta_objects('objects_c');
SELECT ddl FROM pgmeta_objects(types => '{user mapping}', options => '{"secrets": "include"}');
RESET ROLE;
DROP FOREIGN DATA WRAPPER objects_fdw CASCADE;
DROP SCHEMA objects_c CASCADE;
DROP ROLE regress_objects_reader;
