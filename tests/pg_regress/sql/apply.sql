-- pgmeta_rehearse, pgmeta_apply, pgmeta_live, pgmeta_diff of two schemas, and sizes in snapshots.
\pset format unaligned
\pset null '(null)'
SET client_min_messages = warning;
CREATE ROLE regress_apply_reader;
CREATE SCHEMA apply_t;
CREATE TABLE apply_t.items (id integer, name varchar(10));
CREATE TABLE apply_t."Odd ""it's" ("a b" integer);
CREATE VIEW apply_t.v AS SELECT name FROM apply_t.items;
INSERT INTO apply_t.items SELECT g, 'x' FROM generate_series(1, 2000) g;
ANALYZE apply_t.items;

-- A target by hand: what a snapshot would be after some changes.
CREATE SCHEMA apply_new;
CREATE TABLE apply_new.items (id bigint, name varchar(10), note text DEFAULT 'apply_new.x');
CREATE TABLE apply_new."Odd ""it's" ("a b" integer NOT NULL);
CREATE INDEX by_note ON apply_new.items (note);
CREATE VIEW apply_new.v AS SELECT name FROM apply_new.items;

-- Two schemas as if of one name: literals are not names, and the view is the same.
SELECT ordinal, change, type, schema, name, identity, detail FROM pgmeta_diff('apply_t', 'apply_new');
SELECT change, identity FROM pgmeta_diff('apply_new', 'apply_t', '{"types": ["index"]}');
SELECT change, identity FROM pgmeta_diff('apply_new', 'apply_t', '{"exclude": ["apply_*.items"]}');
SELECT count(*) FROM pgmeta_diff('apply_t', 'apply_t');
SELECT count(*) FROM pgmeta_diff('apply_t', NULL);
SELECT count(*) FROM pgmeta_diff(NULL::text, 'apply_t', NULL);
SELECT * FROM pgmeta_diff('nope', 'neither');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM pgmeta_diff('apply_t', 'apply_new', '{"nosuch": 1}');
\echo :LAST_ERROR_SQLSTATE

-- Rehearsal.
SELECT replace(pgmeta_snapshot('apply_new')::text, 'apply_new', 'apply_t') AS target \gset
SELECT step, statement, duration_ms >= 0 AS measured, locks, rewritten, error
FROM pgmeta_rehearse(:'target', '{"schemas": ["apply_t"]}');
SELECT step, statement, error FROM pgmeta_rehearse(:'target', '{"schemas": ["apply_t"], "types": ["index"], "owner": false}');
SELECT count(*) FROM pgmeta_rehearse(NULL);
SELECT count(*) FROM pgmeta_rehearse(pgmeta_snapshot('apply_t'), '{"schemas": ["apply_t"]}');
SELECT count(*) FROM pgmeta_rehearse(pgmeta_snapshot('apply_t') , '{"schemas": ["apply_t", "apply_later"]}');
SELECT pgmeta_live(NULL), pgmeta_live(pgmeta_snapshot('apply_t'), '{"schemas": ["apply_later"]}') - 'server_version_num';
-- Without pgmeta in the target nothing of pgmeta is planned away.
SELECT count(*) FROM pgmeta_plan_live(NULL);
SELECT pgmeta_live('{"format_version": 1, "server_version_num": 150000}') @? '$.extensions[*] ? (@.name == "pgmeta")';
SELECT pgmeta_live(pgmeta_snapshot()) @? '$.extensions[*] ? (@.name == "pgmeta")',
    pgmeta_live(pgmeta_snapshot(), '{"self": true}') @? '$.extensions[*] ? (@.name == "pgmeta")';
SELECT * FROM pgmeta_plan_live('{"format_version": 1, "server_version_num": 150000}', '{"schemas": []}');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM pgmeta_plan_live('{"format_version": 1, "server_version_num": 150000}', '{"allow_hazards": ["NOSUCH"]}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_rehearse('{"tables": 1}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_rehearse(:'target', '{"nosuch": 1}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_rehearse(:'target', '{"allow_hazards": ["DELETES_DATA", "ALL"]}');
\echo :LAST_ERROR_SQLSTATE
BEGIN READ ONLY;
SELECT pgmeta_rehearse(:'target');
\echo :LAST_ERROR_SQLSTATE
ROLLBACK;
-- The first error is the last row.
INSERT INTO apply_t."Odd ""it's" VALUES (NULL);
SELECT step, statement, error FROM pgmeta_rehearse(:'target', '{"schemas": ["apply_t"], "exclude": ["apply_t.items"]}');
DELETE FROM apply_t."Odd ""it's";

-- The caller's rights.
SET ROLE regress_apply_reader;
SELECT step, statement, error FROM pgmeta_rehearse(:'target', '{"schemas": ["apply_t"], "types": ["index", "table"]}');
SELECT pgmeta_apply(:'target', '{"schemas": ["apply_t"], "types": ["index"], "concurrently": false, "allow_hazards": ["INDEX_BUILD", "ACQUIRES_SHARE_LOCK"]}');
\echo :LAST_ERROR_SQLSTATE
RESET ROLE;

-- Applying: refusals first.
SELECT pgmeta_apply(:'target', '{"schemas": ["apply_t"], "concurrently": false}');
\echo :LAST_ERROR_SQLSTATE
SELECT array_to_json(ARRAY(SELECT DISTINCT unnest(hazards) FROM pgmeta_plan(pgmeta_live(:'target', '{"schemas": ["apply_t"]}'), :'target', '{"schemas": ["apply_t"]}'))) AS hazards \gset
SELECT pgmeta_apply(:'target', jsonb_build_object('schemas', '["apply_t"]'::jsonb, 'allow_hazards', :'hazards'::jsonb));
\echo :LAST_ERROR_SQLSTATE
SELECT array_to_json(ARRAY(SELECT DISTINCT unnest(hazards) FROM pgmeta_plan_live(:'target', '{"schemas": ["apply_t"], "concurrently": false}'))) AS hazards \gset
SELECT jsonb_build_object('schemas', '["apply_t"]'::jsonb, 'allow_hazards', :'hazards'::jsonb, 'concurrently', false) AS options \gset
\set VERBOSITY sqlstate
SELECT pgmeta_apply(:'target', :'options'::jsonb || '{"expected_fingerprint": "0"}') IS NULL AS x \gset
\set VERBOSITY default
\echo :LAST_ERROR_SQLSTATE
BEGIN READ ONLY;
SELECT pgmeta_apply(:'target');
\echo :LAST_ERROR_SQLSTATE
ROLLBACK;
SELECT count(*) FROM pgmeta_apply(NULL);
SELECT count(*) > 3 AS applied, min(step) FROM pgmeta_apply(:'target', :'options'::jsonb || jsonb_build_object('expected_fingerprint', pgmeta_fingerprint('apply_t')));
SELECT count(*) FROM pgmeta_apply(:'target', :'options');
SELECT count(*) FROM pgmeta_diff('apply_t', 'apply_new', '{"privileges": false}');

-- Sizes: only when asked for, and no matter for diffs and fingerprints.
SELECT t ->> 'name' AS name, t ? 'bytes' AS bytes, t -> 'rows_estimate' AS rows
FROM jsonb_array_elements(pgmeta_snapshot('apply_t', '{"sizes": true}') -> 'tables') t;
SELECT pgmeta_snapshot('apply_t')::text ~ 'rows_estimate|bytes' AS unasked;
SELECT count(*) FROM pgmeta_diff(pgmeta_snapshot('apply_t', '{"sizes": true}'), pgmeta_snapshot('apply_t'));
SELECT pgmeta_snapshot_ddl(pgmeta_snapshot('apply_t', '{"sizes": true}')) = pgmeta_snapshot_ddl(pgmeta_snapshot('apply_t'));
-- A small table takes the simple form.
SELECT replace(pgmeta_snapshot('apply_t')::text, '"name": "note"', '"name": "note", "not_null": {}') AS target \gset
SELECT count(*) AS statements FROM pgmeta_plan(pgmeta_snapshot('apply_t', '{"sizes": true}'), :'target');
SELECT count(*) AS statements FROM pgmeta_plan(pgmeta_snapshot('apply_t', '{"sizes": true}'), :'target', '{"small_table_rows": 2000}');

DROP SCHEMA apply_t, apply_new CASCADE;
DROP ROLE regress_apply_reader;
