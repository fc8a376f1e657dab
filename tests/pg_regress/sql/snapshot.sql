-- pgmeta_snapshot, pgmeta_snapshot_ddl, pgmeta_snapshot_schema: the JSON model.
\pset format unaligned
\pset tuples_only on
SET client_min_messages = warning;
CREATE ROLE regress_snapshot_reader;
CREATE SCHEMA snapshot_t;
CREATE TYPE snapshot_t.color AS ENUM ('red', 'it''s "blue"');
CREATE TABLE snapshot_t.items (id integer, color snapshot_t.color DEFAULT 'red', CONSTRAINT small CHECK (id < 10), CONSTRAINT items_key UNIQUE (id));
COMMENT ON TABLE snapshot_t.items IS 'things';
CREATE TABLE snapshot_t.U&"Odd\000A""name/" (id integer);
CREATE VIEW snapshot_t.counted AS SELECT count(*) AS n FROM snapshot_t.items;

SELECT jsonb_pretty(pgmeta_snapshot('snapshot_t') #> '{tables,1}');
SELECT jsonb_pretty(pgmeta_snapshot('snapshot_t') - '{tables,views,schemas,server_version_num}'::text[]);
SELECT s -> 'format_version', (s ->> 'server_version_num')::integer = current_setting('server_version_num')::integer
FROM pgmeta_snapshot('snapshot_t') s;
SELECT pgmeta_snapshot('snapshot_t', '{"exclude": ["snapshot_t.items", "snapshot_t.\"Odd\"*"]}') -> 'tables';
SELECT jsonb_path_query_array(pgmeta_snapshot('snapshot_t', '{"exclude": ["snapshot_t.items"]}'), '$.tables[*].name');

-- The forms.
SELECT pgmeta_snapshot('snapshot_t') = pgmeta_snapshot('{snapshot_t}'::text[]),
    pgmeta_snapshot('snapshot_t') = pgmeta_snapshot('snapshot_t', NULL),
    pgmeta_snapshot() = pgmeta_snapshot(NULL), pgmeta_snapshot() = pgmeta_snapshot('ALL'),
    pgmeta_snapshot() = pgmeta_snapshot('{ALL}'::text[]);
SELECT pgmeta_snapshot('{}'::text[]) - 'server_version_num';
\echo :LAST_ERROR_SQLSTATE

-- The DDL of a snapshot is that of the live objects.
SELECT pgmeta_snapshot_ddl(pgmeta_snapshot('snapshot_t')) = pgmeta_export('snapshot_t'),
    pgmeta_snapshot_ddl(pgmeta_snapshot()) = pgmeta_export(),
    pgmeta_snapshot_ddl(pgmeta_snapshot('snapshot_t'), '{"owner": false}') = pgmeta_export('snapshot_t', options => '{"owner": false}'),
    pgmeta_snapshot_ddl(pgmeta_snapshot('snapshot_t'), NULL) = pgmeta_export('snapshot_t'),
    pgmeta_snapshot_ddl(pgmeta_export('snapshot_t', format => 'json')::jsonb) = pgmeta_export('snapshot_t');
SELECT pgmeta_snapshot_ddl(NULL) IS NULL, pgmeta_snapshot_ddl(NULL, '{"owner": false}') IS NULL;
SELECT pgmeta_snapshot_ddl('{"format_version": 1, "server_version_num": 150000, "schemas": [{"name": "a b"}],
    "tables": [{"schema": "a b", "name": "t", "columns": [{"name": "Id", "data_type": "integer", "not_null": {}}]}]}',
    '{"drop": true}');

-- What is no snapshot: the message has the path.
SELECT pgmeta_snapshot_ddl('"tables"'::jsonb);
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_snapshot_ddl('null'::jsonb);
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_snapshot_ddl('{}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_snapshot_ddl('{"format_version": 99, "server_version_num": 150000}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_snapshot_ddl('{"format_version": "1", "server_version_num": 150000}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_snapshot_ddl('{"format_version": 1}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_snapshot_ddl('{"format_version": 1, "server_version_num": 150000, "tables": {}}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_snapshot_ddl('{"format_version": 1, "server_version_num": 150000, "schemas": [{"nmae": "a"}]}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_snapshot_ddl('{"format_version": 1, "server_version_num": 150000,
    "tables": [{"schema": "a", "name": "t", "columns": [{"name": "c", "data_type": 1}]}]}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_snapshot_ddl(pgmeta_snapshot('snapshot_t'), '{"nosuch": 1}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_snapshot_ddl(pgmeta_snapshot('snapshot_t'), '1');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_snapshot('nope');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_snapshot('{nope,snapshot_t,neither}'::text[]);
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_snapshot('snapshot_t', '{"nosuch": 1}');
\echo :LAST_ERROR_SQLSTATE

-- Secrets are masked unless they are asked for.
CREATE FOREIGN DATA WRAPPER snapshot_fdw;
CREATE SERVER snapshot_server FOREIGN DATA WRAPPER snapshot_fdw;
CREATE USER MAPPING FOR PUBLIC SERVER snapshot_server OPTIONS ("user" 'me', password 'hush');
SELECT pgmeta_snapshot() -> 'user_mappings';
SELECT pgmeta_snapshot(options => '{"secrets": "include"}') -> 'user_mappings';

-- A role without rights.
REVOKE ALL ON SCHEMA snapshot_t FROM PUBLIC;
SELECT encode(sha256(convert_to(pgmeta_snapshot('snapshot_t')::text, 'UTF8')), 'hex') AS before \gset
SET ROLE regress_snapshot_reader;
SELECT encode(sha256(convert_to(pgmeta_snapshot('snapshot_t')::text, 'UTF8')), 'hex') = :'before';
SELECT pgmeta_snapshot(options => '{"secrets": "include"}') -> 'user_mappings';
SELECT pgmeta_snapshot_ddl('{"format_version": 1, "server_version_num": 150000}') LIKE 'SET %';
RESET ROLE;
DROP FOREIGN DATA WRAPPER snapshot_fdw CASCADE;

-- The schema of the model names every key that a snapshot has.
SELECT s ->> '$schema', s ->> 'title', jsonb_typeof(s -> 'properties') FROM pgmeta_snapshot_schema() s;
SELECT key FROM jsonb_object_keys(pgmeta_snapshot()) AS key WHERE NOT pgmeta_snapshot_schema() -> 'properties' ? key;

DROP SCHEMA snapshot_t CASCADE;
DROP ROLE regress_snapshot_reader;
