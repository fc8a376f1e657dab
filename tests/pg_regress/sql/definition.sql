-- pgmeta_definition_*: arguments, NULLs, odd names, a caller without rights.
SET client_min_messages = warning;
CREATE ROLE regress_definition_reader;
CREATE SCHEMA definition_t;
CREATE TYPE definition_t.mood AS ENUM ('<b>', 'it''s');
CREATE TABLE definition_t.parents (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number serial,
    mood definition_t.mood DEFAULT '<b>',
    price numeric(10,2) CHECK (price > 0),
    "Odd ""name" text COLLATE "C" CONSTRAINT odd UNIQUE
);
COMMENT ON COLUMN definition_t.parents.price IS 'net';
CREATE TABLE definition_t.children (parent bigint NOT NULL REFERENCES definition_t.parents ON DELETE CASCADE, at date, PRIMARY KEY (parent, at)) PARTITION BY RANGE (at);
CREATE TABLE definition_t.children_rest PARTITION OF definition_t.children DEFAULT;
CREATE INDEX ON definition_t.children (at DESC);
CREATE VIEW definition_t.seen AS SELECT p.id, p.mood FROM definition_t.parents p JOIN definition_t.children c ON c.parent = p.id;
CREATE FUNCTION definition_t.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER touch BEFORE UPDATE OF price ON definition_t.parents FOR EACH ROW EXECUTE FUNCTION definition_t.touch('a');
ALTER TABLE definition_t.parents ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON definition_t.parents FOR SELECT USING (mood = 'it''s');
GRANT SELECT ON definition_t.parents TO regress_definition_reader;

-- There and back.
SELECT jsonb_pretty(pgmeta_definition_from('definition_t')) \g (format=unaligned tuples_only=on)
SELECT pgmeta_definition_from('definition_t') = pgmeta_definition_from('{definition_t}'::text[]) AS same;
SELECT pgmeta_definition_sql(pgmeta_definition_from('definition_t'), options => '{"schema": "other"}') \g (format=unaligned tuples_only=on)
SELECT path, code, level, message FROM pgmeta_definition_validate(pgmeta_definition_from('definition_t'));
SELECT pgmeta_definition_complexity(pgmeta_definition_from('definition_t'));

-- Lint rules and dialects judge what has no errors.
\set wide '{"tables": [{"name": "a", "columns": [{"name": "id", "type": "int", "primary_key": true}, {"name": "b_id", "type": "int", "nullable": false}, {"name": "at", "type": "timestamp"}, {"name": "data", "type": "jsonb", "unique": true}], "foreign_keys": [{"columns": ["b_id"], "references": {"table": "b"}}]}, {"name": "b", "columns": [{"name": "id", "type": "int", "primary_key": true}, {"name": "a_id", "type": "int", "nullable": false}], "foreign_keys": [{"columns": ["a_id"], "references": {"table": "a"}}]}]}'
SELECT path, code, level, message FROM pgmeta_definition_validate(:'wide');
SELECT path, code, level, message FROM pgmeta_definition_validate(:'wide', '{"lint": false}');
SELECT path, code, level, message, hint FROM pgmeta_definition_validate(:'wide', '{"lint": {"rules": ["fk_cycle", "timestamp_without_tz"]}}') WHERE code = lower(code);
SELECT path, code, level, message FROM pgmeta_definition_validate(:'wide', '{"lint": false, "dialect": "sqlite"}') WHERE message ~ '^(sqlite|mysql|mssql), ';
SELECT DISTINCT code, level FROM pgmeta_definition_validate(:'wide', '{"lint": false, "dialects": ["mysql", "mssql", "postgresql"]}') WHERE message ~ '^(sqlite|mysql|mssql), ' ORDER BY 1, 2;
SELECT count(*) FROM pgmeta_definition_validate(:'wide', '{"dialect": "oracle"}');
\echo :LAST_ERROR_SQLSTATE
SELECT count(*) FROM pgmeta_definition_validate(:'wide', '{"lint": {"profile": "nosuch"}}');
\echo :LAST_ERROR_SQLSTATE
SELECT count(*) FROM pgmeta_definition_validate(:'wide', '{"lint": 1}');
\echo :LAST_ERROR_SQLSTATE
-- One with errors is judged by these alone.
SELECT path, code, level FROM pgmeta_definition_validate('{"tables": [{"name": "a", "columns": [{"name": "at", "type": "timestamp"}, {"name": "at", "type": "int"}], "primary_key": ["at"]}]}', '{"dialect": "sqlite"}');

-- What a definition cannot say is a warning.
CREATE TYPE definition_t.span AS RANGE (subtype = integer);
SELECT pgmeta_definition_from('definition_t') IS NOT NULL AS warned;
SELECT pgmeta_definition_from('definition_t', '{"warn": false}') IS NOT NULL AS silent;

-- NULLs are defaults, or nothing.
SELECT pgmeta_definition_from(NULL::text, '{"warn": false}') IS NOT NULL AS whole;
SELECT count(*) FROM pgmeta_definition_validate(NULL);
SELECT pgmeta_definition_sql(NULL), pgmeta_definition_complexity(NULL);
SELECT pgmeta_definition_sql('{}', NULL, NULL) \g (format=unaligned tuples_only=on)

-- The schema describes itself and its keys.
SELECT s ->> 'title' AS title, s -> '$defs' ? 'TableDefinition' AS tables FROM pgmeta_definition_schema() s;

-- Imports.
SELECT jsonb_pretty(pgmeta_definition_import('builder', '{"tables": [{"id": "t", "name": "Odd \"name", "columns": [{"id": "c", "name": "id", "dataType": "UUID", "primaryKey": true}]}], "x": 1}'));
SELECT pgmeta_definition_import('json_schema', '{"title": "Post", "properties": {"id": {"type": "integer"}}}');
SELECT pgmeta_definition_import('snapshot', pgmeta_snapshot('definition_t')::text) #>> '{report,0,message}' AS message;
SELECT pgmeta_definition_import('pgmeta', '{}') -> 'report' AS report;
SELECT pgmeta_definition_import(NULL, '{}'), pgmeta_definition_import('pgmeta', NULL);
SELECT pgmeta_definition_import('nosuch', '{}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_definition_import('builder', '[]');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_definition_import('pgmeta', 'no json');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_definition_import('dbml', 'Table a { note { ' || repeat('note { ', 4000));
\echo :LAST_ERROR_SQLSTATE
-- What an import makes of checks and defaults can be deployed.
SELECT pgmeta_definition_sql(pgmeta_definition_import('json_schema', '{"title": "all", "properties": {
  "a": {"enum": ["a", "it''s"], "default": "a"}, "b": {"enum": [1, 2.5]}, "c": {"enum": [1, "a", null]}, "d": {"type": "string", "const": "x"},
  "e": {"type": "array", "items": {"type": "string", "maxLength": 5}, "default": ["a", null], "minItems": 1, "maxItems": 9},
  "f": {"type": "array", "items": {"type": "integer"}, "default": []}, "g": {"type": "number", "multipleOf": 0.01, "minimum": 0, "exclusiveMinimum": true, "default": 0.1},
  "h": {"type": "integer", "multipleOf": 5, "enum": [5, 10]}, "i": {"type": "string", "format": "date-time", "default": "2024-02-29T10:00:00Z"},
  "j": {"type": "string", "format": "duration", "default": "P1DT2H"}, "k": {"type": "string", "format": "time", "default": "10:00:00+01:00"},
  "l": {"type": "object", "default": {"a": [1]}, "const": {"a": [1]}}, "m": {"type": "string", "maxLength": 0}, "n": {"type": "boolean", "const": true},
  "o": {"type": "array", "items": {"type": "string"}, "enum": [["a"], []]}}}') -> 'definition' || '{"schema": "definition_i"}') AS imported \gset
:imported
RESET search_path;
SELECT pgmeta_definition_sql(pgmeta_definition_import('builder', jsonb_build_object('tables', jsonb_build_array(jsonb_build_object('name', 'built', 'columns',
  (SELECT jsonb_agg(jsonb_build_object('name', 'c' || row_number, 'dataType', t, 'defaultValue', d)) FROM (SELECT row_number() OVER (), t, d
    FROM unnest('{INT,BIGINT,VARCHAR,TEXT,BOOLEAN,TIMESTAMP,DATE,TIME,DECIMAL,FLOAT,DOUBLE,JSON,UUID}'::text[]) t,
         unnest('{1,"",0,NaN,inf,-1.5,1e5,yes,x''y,''q'',CURRENT_TIMESTAMP,CURRENT_DATE,CURRENT_TIME,NOW(),gen_random_uuid(),"NULL",2024-02-29,10:00,"{}",99999999999999999999}'::text[]) d) v))))::text)
  -> 'definition' || '{"schema": "definition_b"}') AS imported \gset
:imported
RESET search_path;
SELECT count(*) AS columns FROM pg_attribute WHERE attrelid = 'definition_b.built'::regclass AND attnum > 0;
INSERT INTO definition_b.built DEFAULT VALUES;
DROP SCHEMA definition_i, definition_b CASCADE;

-- Errors.
SELECT pgmeta_definition_from('nosuch');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_definition_from('definition_t', '{"nosuch": 1}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_definition_sql('{"tables": [{"name": 1}]}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_definition_sql('{"format_version": 9}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_definition_sql('{}', 'oracle');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM pgmeta_definition_validate('{}', '{"nosuch": 1}');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM pgmeta_definition_validate('[1]');

-- A caller without rights reads the catalog as everyone.
SET ROLE regress_definition_reader;
SELECT jsonb_array_length(pgmeta_definition_from('definition_t', '{"warn": false}') -> 'tables') AS tables;
RESET ROLE;

DROP SCHEMA definition_t CASCADE;
DROP ROLE regress_definition_reader;
