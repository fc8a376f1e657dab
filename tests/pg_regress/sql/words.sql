-- Words and lists in arguments and options, as people write them.
SET client_min_messages = warning;
CREATE SCHEMA words_t;
CREATE TABLE words_t.orders (id integer PRIMARY KEY, amount integer);
CREATE TABLE words_t.order_lines (id integer);
CREATE VIEW words_t.open_orders AS SELECT id FROM words_t.orders;
CREATE SCHEMA "Words, 2";
SET client_min_messages = notice;

-- Types: any case, the plural, one text.
SELECT identity FROM pgmeta_objects('words_t', 'table');
SELECT identity FROM pgmeta_objects('words_t', types => 'Tables, VIEW');
SELECT identity FROM pgmeta_objects('words_t', '{TABLE}');
SELECT identity FROM pgmeta_objects('words_t', ARRAY['Views', 'INDEXES']);
SELECT identity FROM pgmeta_objects(ARRAY['words_t'], '{table}', 'lines');
SELECT count(*) > 0 AS some FROM pgmeta_objects(NULL, 'table', '^order_lines$');
SELECT path FROM pgmeta_export_files('words_t', 'view');
SELECT pgmeta_export('words_t', 'view') = pgmeta_export('{words_t}'::text[], '{view}'::text[]) AS same,
    pgmeta_export_tar('words_t', 'view') = pgmeta_export_tar('{words_t}'::text[], '{view}'::text[]) AS same_tar;
\set VERBOSITY terse
SELECT count(*) FROM pgmeta_objects('words_t', 'tabel');
\echo :LAST_ERROR_SQLSTATE
SELECT count(*) FROM pgmeta_objects('words_t', 'Words, 2');
\set VERBOSITY default
SELECT count(*) FROM pgmeta_objects('words_t', NULL, NULL, NULL, NULL);

-- Other words.
SELECT count(*) > 0 AS some FROM pgmeta_objects('words_t', on_error => 'WARN');
SELECT pgmeta_export('words_t', format => 'JSON') = pgmeta_export('words_t', format => 'json') AS same;
SELECT count(*) FROM pgmeta_objects('words_t', on_error => 'maybe');
SELECT pgmeta_ddl('words_t.orders', '{"secrets": "INCLUDE", "sections": "Post-Data", "owner": false}');
SELECT path FROM pgmeta_migration(pgmeta_snapshot('words_t'), pgmeta_snapshot('words_t'), 'GOOSE', 'none', '1');
SELECT path FROM pgmeta_migration('{}', '{}', 'geese');

-- A regular expression, not a pattern of LIKE.
SELECT identity FROM pgmeta_objects('words_t', name_pattern => 'order%');
SELECT identity FROM pgmeta_objects('words_t', 'table', name_pattern => '^order');

-- Options that are lists.
SELECT change, identity FROM pgmeta_diff(pgmeta_snapshot(), '{"format_version": 1, "server_version_num": 150000}', '{"schemas": "words_t", "types": "Tables"}');
SELECT change, identity FROM pgmeta_diff(pgmeta_snapshot(), '{"format_version": 1, "server_version_num": 150000}', '{"schemas": "\"Words, 2\""}');
SELECT count(*) = (SELECT count(*) FROM pgmeta_diff(pgmeta_snapshot(), '{"format_version": 1, "server_version_num": 150000}')) AS all
FROM pgmeta_diff(pgmeta_snapshot(), '{"format_version": 1, "server_version_num": 150000}', '{"schemas": "All"}');
SELECT count(*) FROM pgmeta_apply(pgmeta_snapshot('words_t'), '{"schemas": "words_t", "allow_hazards": "deletes_data, Index_Build"}');
SELECT count(*) FROM pgmeta_apply(pgmeta_snapshot('words_t'), '{"schemas": "words_t", "allow_hazards": "deletes"}');

-- Errors in the words of JSON, whatever the value is.
SELECT pgmeta_ddl('words_t.orders', '{"owner": "a sequence"}');
SELECT pgmeta_ddl('words_t.orders', '{"exclude": "words_t"}');
SELECT pgmeta_ddl('words_t.orders', '{"exclude": {"a": 1}}');
SELECT count(*) FROM pgmeta_plan('{}', '{}', '{"lock_timeout": "3 s"}');
SELECT count(*) FROM pgmeta_plan('{}', '{}', '{"lock_timeout": [1.5]}');
SELECT pgmeta_snapshot_ddl('{"format_version": 1, "server_version_num": 150000, "tables": {}}');

-- Schemas that are none.
SELECT pgmeta_export('words');
SELECT pgmeta_export('word_t');
SELECT pgmeta_export('words_t.orders');
SELECT pgmeta_export('order_lines');
SELECT pgmeta_export('xyzzyxyzzy');
\echo :LAST_ERROR_SQLSTATE

-- What writes says where it can be called.
BEGIN READ ONLY;
SELECT pgmeta_snapshot_save('words');
ROLLBACK;
BEGIN READ ONLY;
SELECT count(*) FROM pgmeta_rehearse(pgmeta_snapshot('words_t'));
ROLLBACK;

-- Where keys go.
CREATE SERVER words_store FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 's3://bucket/x', access_key_id 'a');
CREATE SERVER words_store FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 's3://bucket/x');
CREATE USER MAPPING FOR CURRENT_USER SERVER words_store OPTIONS (endpoint 'https://host');
DROP SERVER words_store;

-- What of a list differs.
SELECT pgmeta_snapshot('words_t') AS before \gset
ALTER TABLE words_t.orders ADD COLUMN weight integer, DROP COLUMN amount, ADD CONSTRAINT heavy CHECK (weight > 0);
COMMENT ON COLUMN words_t.orders.id IS 'number';
SELECT identity, jsonb_pretty(detail) FROM pgmeta_diff(:'before', pgmeta_snapshot('words_t')) WHERE identity = 'words_t.orders';
SET client_min_messages = warning;
DROP SCHEMA words_t, "Words, 2" CASCADE;
