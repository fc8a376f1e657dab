-- pgmeta_coverage: what an export does with every row of the catalogs.
SET client_min_messages = warning;
CREATE ROLE regress_coverage_reader;
CREATE SCHEMA coverage_t;
CREATE TYPE coverage_t.color AS ENUM ('red');
CREATE DOMAIN coverage_t.positive AS integer CHECK (VALUE > 0);
CREATE TABLE coverage_t.items (id integer, color coverage_t.color DEFAULT 'red', CONSTRAINT items_key UNIQUE (id));
CREATE INDEX items_idx ON coverage_t.items (color);
CREATE SEQUENCE coverage_t.numbers;
CREATE VIEW coverage_t.counted AS SELECT count(*) AS n FROM coverage_t.items;
CREATE FUNCTION coverage_t.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER touch BEFORE INSERT ON coverage_t.items EXECUTE FUNCTION coverage_t.touch();
CREATE POLICY all_rows ON coverage_t.items USING (true);
CREATE TABLE coverage_t."Odd ""/" ("a b" integer);

SELECT * FROM pgmeta_coverage('coverage_t') WHERE status = 'emitted' ORDER BY type COLLATE "C";
SELECT * FROM pgmeta_coverage('coverage_t') WHERE status = 'part' AND type IN ('default value', 'index', 'type', 'rule')
ORDER BY type COLLATE "C", reason COLLATE "C";
SELECT DISTINCT status FROM pgmeta_coverage('coverage_t') ORDER BY status;
SELECT type, status, reason, count > 20 AS many FROM pgmeta_coverage() WHERE reason = 'pgmeta' AND type = 'function';
SELECT * FROM pgmeta_coverage() WHERE status IN ('failed', 'not supported', 'hidden');
SELECT count(*) > 0 AS has_rows, bool_and(count > 0) AS all_counted, count(*) = count(DISTINCT (type, status, reason)) AS all_distinct
FROM pgmeta_coverage();

-- Every relation and routine is accounted for, whatever schemas are asked for.
SELECT sum(c.count) = (SELECT count(*) FROM pg_proc) AS routines
FROM pgmeta_coverage() c WHERE type IN ('function', 'procedure', 'aggregate');
SELECT (SELECT sum(count) FROM pgmeta_coverage('coverage_t')) = (SELECT sum(count) FROM pgmeta_coverage()) AS same_rows;

-- The forms.
SELECT array_agg(c) = (SELECT array_agg(c) FROM pgmeta_coverage('{coverage_t}'::text[]) c) AS array_form FROM pgmeta_coverage('coverage_t') c;
SELECT array_agg(c) = (SELECT array_agg(c) FROM pgmeta_coverage(NULL) c) AS null_form,
    array_agg(c) = (SELECT array_agg(c) FROM pgmeta_coverage('ALL') c) AS all_text,
    array_agg(c) = (SELECT array_agg(c) FROM pgmeta_coverage('{ALL}'::text[]) c) AS all_array FROM pgmeta_coverage() c;

-- Errors.
SELECT count(*) FROM pgmeta_coverage('{}'::text[]) WHERE status = 'emitted';
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM pgmeta_coverage('nope');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM pgmeta_coverage('{nope,coverage_t,neither}'::text[]);
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM pgmeta_coverage('{NULL}'::text[]);
\echo :LAST_ERROR_SQLSTATE

-- What a role without rights may not read is counted as hidden; to a superuser it is emitted.
CREATE FOREIGN DATA WRAPPER coverage_fdw;
CREATE SERVER coverage_server FOREIGN DATA WRAPPER coverage_fdw;
CREATE USER MAPPING FOR PUBLIC SERVER coverage_server OPTIONS (password 'hush');
REVOKE ALL ON SCHEMA coverage_t FROM PUBLIC;
SELECT * FROM pgmeta_coverage() WHERE type = 'user mapping';
SET ROLE regress_coverage_reader;
SELECT * FROM pgmeta_coverage() WHERE type = 'user mapping';
SELECT * FROM pgmeta_coverage('coverage_t') WHERE status = 'emitted' AND type = 'table';
RESET ROLE;
DROP FOREIGN DATA WRAPPER coverage_fdw CASCADE;
DROP SCHEMA coverage_t CASCADE;
DROP ROLE regress_coverage_reader;
