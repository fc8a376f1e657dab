-- pgmeta_fingerprint, pgmeta_version, and what all public functions have in common.
SET client_min_messages = warning;
CREATE ROLE regress_fingerprint_reader;
CREATE SCHEMA fingerprint_t;
CREATE TABLE fingerprint_t.items (id integer, name text);

SELECT pgmeta_fingerprint('fingerprint_t') ~ '^[0-9a-f]{64}$' AS is_sha256,
    pgmeta_fingerprint('fingerprint_t') = encode(sha256(convert_to(pgmeta_export('fingerprint_t'), 'UTF8')), 'hex') AS of_export,
    pgmeta_fingerprint() = encode(sha256(convert_to(pgmeta_export(), 'UTF8')), 'hex') AS of_all;
SELECT pgmeta_fingerprint('fingerprint_t') = pgmeta_fingerprint('{fingerprint_t}'::text[]) AS array_form,
    pgmeta_fingerprint() = pgmeta_fingerprint(NULL) AS null_form,
    pgmeta_fingerprint() = pgmeta_fingerprint('ALL') AS all_text,
    pgmeta_fingerprint() = pgmeta_fingerprint('{ALL}'::text[]) AS all_array;

-- It follows the structure, not the data and not the order of creation.
SELECT pgmeta_fingerprint('fingerprint_t') AS before \gset
INSERT INTO fingerprint_t.items VALUES (1, 'one');
SELECT pgmeta_fingerprint('fingerprint_t') = :'before' AS same_after_insert;
COMMENT ON TABLE fingerprint_t.items IS 'things';
SELECT pgmeta_fingerprint('fingerprint_t') = :'before' AS same_after_comment;
COMMENT ON TABLE fingerprint_t.items IS NULL;
SELECT pgmeta_fingerprint('fingerprint_t') = :'before' AS same_again;
CREATE TABLE fingerprint_t."B" (id integer);
CREATE TABLE fingerprint_t.a (id integer);
SELECT pgmeta_fingerprint('fingerprint_t') AS before \gset
DROP TABLE fingerprint_t."B", fingerprint_t.a;
CREATE TABLE fingerprint_t.a (id integer);
CREATE TABLE fingerprint_t."B" (id integer);
SELECT pgmeta_fingerprint('fingerprint_t') = :'before' AS same_in_other_order;

SELECT pgmeta_fingerprint('nope');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_fingerprint('{nope,neither}'::text[]);
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_fingerprint('{fingerprint_t,NULL}'::text[]);
\echo :LAST_ERROR_SQLSTATE
REVOKE ALL ON SCHEMA fingerprint_t FROM PUBLIC;
SELECT pgmeta_fingerprint('fingerprint_t') AS before \gset
SET ROLE regress_fingerprint_reader;
SELECT pgmeta_fingerprint('fingerprint_t') = :'before' AS same_for_reader;
SELECT pgmeta_version() ~ '^\d+\.\d+\.\d+( \(not optimized\))?$' AS version_for_reader;
RESET ROLE;
DROP SCHEMA fingerprint_t CASCADE;

SELECT split_part(pgmeta_version(), ' ', 1) = extversion AS of_this_extension FROM pg_extension WHERE extname = 'pgmeta';

-- The functions: volatility, parallel safety, whose rights they have.
CREATE VIEW pg_temp.functions AS
SELECT p.* FROM pg_depend d JOIN pg_proc p ON p.oid = d.objid
WHERE d.classid = 'pg_proc'::regclass AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'pgmeta');
SELECT proname AS name, pg_get_function_arguments(oid) AS arguments, provolatile AS volatile, proparallel AS parallel, proisstrict AS strict,
    prosecdef AS definer, has_function_privilege('regress_fingerprint_reader', oid, 'EXECUTE') AS public
FROM pg_temp.functions ORDER BY proname COLLATE "C", pg_get_function_arguments(oid) COLLATE "C";

-- Every public function has a comment; no other object is in the extension.
SELECT DISTINCT proname COLLATE "C" AS name, obj_description(oid, 'pg_proc') AS comment FROM pg_temp.functions WHERE proname LIKE 'pgmeta\_%' ORDER BY name;
SELECT oid::regprocedure AS without_comment FROM pg_temp.functions WHERE proname LIKE 'pgmeta\_%' AND obj_description(oid, 'pg_proc') IS NULL;
SELECT classid::regclass AS class, count(*) > 0 AS some FROM pg_depend
WHERE refclassid = 'pg_extension'::regclass AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'pgmeta') AND deptype = 'e'
  -- From 17 on the row types of tables are members too.
  AND classid <> 'pg_type'::regclass GROUP BY 1 ORDER BY 1;
SELECT oid::regprocedure AS private_for_public FROM pg_temp.functions
WHERE proname LIKE '\_%' AND has_function_privilege('regress_fingerprint_reader', oid, 'EXECUTE');
SELECT oid::regprocedure AS neither_public_nor_private FROM pg_temp.functions WHERE proname !~ '^_?pgmeta_';
DROP VIEW pg_temp.functions;
DROP ROLE regress_fingerprint_reader;

-- In a schema of one's choice, whose name needs quotes.
CREATE SCHEMA "My tools";
BEGIN;
DROP EXTENSION pgmeta;
CREATE EXTENSION pgmeta SCHEMA "My tools";
SELECT split_part("My tools".pgmeta_version(), ' ', 1) = extversion AS works FROM pg_extension WHERE extname = 'pgmeta';
SELECT count(*) > 0 AS works FROM "My tools".pgmeta_objects();
SELECT count(*) AS without_comment FROM pg_proc
WHERE pronamespace = '"My tools"'::regnamespace AND proname LIKE 'pgmeta\_%' AND obj_description(oid, 'pg_proc') IS NULL;
ALTER EXTENSION pgmeta SET SCHEMA public;
ROLLBACK;
DROP SCHEMA "My tools";
