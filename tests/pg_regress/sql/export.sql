-- pgmeta_export: one script, or JSON.
\pset format unaligned
\pset tuples_only on
SET client_min_messages = warning;
CREATE ROLE regress_export_reader;
CREATE SCHEMA export_t;
CREATE TYPE export_t.size AS ENUM ('small', 'large');
CREATE FUNCTION export_t.twice(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 2 * $1';
CREATE TABLE export_t.boxes (id integer, size export_t.size DEFAULT 'small', twice integer DEFAULT export_t.twice(1));
ALTER TABLE export_t.boxes ADD CONSTRAINT boxes_key UNIQUE (id);
CREATE TABLE export_t.things (box integer CONSTRAINT things_box REFERENCES export_t.boxes (id), CONSTRAINT positive CHECK (box > 0));
COMMENT ON TABLE export_t.things IS 'what is in boxes';
GRANT SELECT ON export_t.things TO regress_export_reader;
CREATE VIEW export_t.counted AS SELECT count(*) AS n FROM export_t.things;

-- The script.
SELECT pgmeta_export('export_t');
SELECT pgmeta_export('export_t', '{table}', '^boxes$', 'fail', '{"owner": false}', 'sql');
SELECT pgmeta_export('export_t', name_pattern => 'counted',
    options => '{"drop": true, "if_not_exists": true, "owner": false, "privileges": false}');
SELECT pgmeta_export('export_t', '{table,view}', options => '{"drop": true, "owner": false, "privileges": false, "comments": false}');

-- Its forms agree, and it is the DDL of the rows.
SELECT pgmeta_export('export_t') = pgmeta_export('{export_t}'::text[]),
    pgmeta_export('export_t') = pgmeta_export('{export_t}'),
    pgmeta_export('export_t') = pgmeta_export('export_t', NULL, NULL, NULL, NULL, NULL),
    pgmeta_export() = pgmeta_export(NULL), pgmeta_export() = pgmeta_export('ALL'),
    pgmeta_export() = pgmeta_export('{ALL}'::text[]),
    pgmeta_export() = pgmeta_export(' all '), pgmeta_export() = pgmeta_export('{All}'::text[]),
    pgmeta_export() LIKE '%CREATE EXTENSION%pgmeta%', pgmeta_export(options => '{"self": true}') LIKE '%CREATE EXTENSION%pgmeta%';
SELECT bool_and(position(ddl IN pgmeta_export('export_t')) > 0) FROM pgmeta_objects('export_t');

-- The caller's settings do not matter, and come back.
SELECT pgmeta_fingerprint('export_t') AS before \gset
SET quote_all_identifiers = on;
SET search_path = export_t, public;
SET standard_conforming_strings = off;
SET escape_string_warning = off;
SELECT pgmeta_fingerprint('export_t') = :'before';
SHOW quote_all_identifiers;
SHOW search_path;
SELECT pgmeta_export('nope');
SHOW quote_all_identifiers;
RESET ALL;
SET client_min_messages = warning;

-- The script makes the same again.
SELECT pgmeta_export('export_t') AS script, pgmeta_fingerprint('export_t') AS before \gset
DROP SCHEMA export_t CASCADE;
\o /dev/null
:script
\o
RESET ALL;
SET client_min_messages = warning;
SELECT pgmeta_fingerprint('export_t') = :'before';

-- JSON.
SELECT jsonb_typeof(pgmeta_export('export_t', format => 'json')::jsonb);
SELECT pgmeta_export('export_t', format => 'json')::jsonb = pgmeta_snapshot('export_t'),
    pgmeta_export(format => 'json')::jsonb = pgmeta_snapshot();
SELECT key, jsonb_array_length(value) FROM jsonb_each(pgmeta_export('export_t', format => 'json')::jsonb)
WHERE jsonb_typeof(value) = 'array' ORDER BY key;

-- Errors.
SELECT pgmeta_export('');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_export('{}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_fingerprint(' , ');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_export('export_t', format => 'yaml');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_export('export_t', format => 'SQL');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_export('export_t', on_error => 'stop');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_export('nope, neither');
\echo :LAST_ERROR_SQLSTATE
\set VERBOSITY terse
SELECT pgmeta_export('export_t', '{gadget}');
\set VERBOSITY default
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_export('export_t', name_pattern => '[');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_export(options => '{"onwer": false}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_export(options => '[1]');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_export(options => '{"drop": 1}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_export('export_t', options => '{"sections": "pre-data"}');
\echo :LAST_ERROR_SQLSTATE

-- Names that want to break out of the script.
CREATE SCHEMA "odd""; DROP SCHEMA export_t; --";
CREATE TABLE "odd""; DROP SCHEMA export_t; --".U&"two\000A\\! false" ("a'b" text DEFAULT E'\\''; --');
COMMENT ON TABLE "odd""; DROP SCHEMA export_t; --".U&"two\000A\\! false" IS E'\n\\! false\n$$;';
SELECT pgmeta_export('{"odd\"; DROP SCHEMA export_t; --"}'::text[], '{schema,table}', options => '{"owner": false}');
SELECT pgmeta_export('"odd""; DROP SCHEMA export_t; --"') = pgmeta_export('{"odd\"; DROP SCHEMA export_t; --"}'::text[]);
DROP SCHEMA "odd""; DROP SCHEMA export_t; --" CASCADE;

-- A role without rights gets the same, in a read-only transaction too.
REVOKE ALL ON SCHEMA export_t FROM PUBLIC;
SELECT pgmeta_export('export_t') AS before \gset
SET ROLE regress_export_reader;
SET default_transaction_read_only = on;
SELECT pgmeta_export('export_t') = :'before';
SELECT pgmeta_export() LIKE '%CREATE TABLE export_t.things%';
RESET default_transaction_read_only;
RESET ROLE;
DROP SCHEMA export_t CASCADE;
DROP ROLE regress_export_reader;
