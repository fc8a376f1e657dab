-- Archives: NULLs, odd names, callers without rights, bad input.
CREATE SERVER cold FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 'file:///tmp', region 'x');
CREATE SERVER cold FOREIGN DATA WRAPPER pgmeta_storage;
CREATE SERVER cold FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 's3://user:secret@host/x');
CREATE SERVER cold FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 'file:///tmp/../etc');
CREATE SERVER cold FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 'file:///nowhere/at all');
CREATE USER MAPPING FOR PUBLIC SERVER cold OPTIONS (password 'x');
CREATE SERVER s3 FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 's3://bucket/x', endpoint 'http://127.0.0.1:1');
CREATE SERVER s3 FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 's3://bucket/../x');
CREATE SERVER s3 FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 's3://bucket/x', allow_http 'maybe');
CREATE SERVER az FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 'az://container/x');
CREATE SERVER gs FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 'gs://bucket/x', region 'y');
CREATE SERVER s3 FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 's3://bucket/x', endpoint 'http://127.0.0.1:1', allow_http 'true');
CREATE USER MAPPING FOR PUBLIC SERVER s3 OPTIONS (account_key 'c2VjcmV0');

CREATE SCHEMA "Archive it";
SET search_path = "Archive it", public;
CREATE TABLE "E v" ("Id" int, "at" date NOT NULL) PARTITION BY RANGE ("at");
CREATE TABLE "E v/1" PARTITION OF "E v" FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
INSERT INTO "E v" VALUES (1, '2024-01-05');
CREATE VIEW v AS SELECT 1;

SELECT pgmeta_archive(NULL, 'cold'), pgmeta_archive('"E v/1"', NULL), pgmeta_archive_restore(NULL);
SELECT * FROM pgmeta_archive_candidates(NULL);
SELECT * FROM pgmeta_archive_verify(NULL);
SELECT * FROM pgmeta_archive_verify(1, '{"contents": true}');
SELECT * FROM pgmeta_archive_compare(NULL);
SELECT * FROM pgmeta_archive_validate(NULL);
SELECT pgmeta_archive_retry(NULL);
SELECT pgmeta_archive_retry_all(NULL);
SELECT pgmeta_archive_retry_all('The "policy"');
SELECT pgmeta_archive_policy_create(NULL, '"E v"', 'cold', interval '1 year');
SELECT pgmeta_archive_policy_drop(NULL);
SELECT * FROM pgmeta_archive_candidates(NULL, NULL);
SELECT * FROM pgmeta_archive_adopt(NULL);
SELECT * FROM pgmeta_archive_adopt('cold', NULL);
SELECT * FROM pgmeta_archive_adopt('warm');
SELECT * FROM pgmeta_archive_adopt('cold', '{"prefix": "a/../b"}');
SELECT * FROM pgmeta_archive_adopt('cold', '{"prefixes": "a"}');
CALL pgmeta_archive_delete(NULL);
CALL pgmeta_archive_delete(1, NULL);
CALL pgmeta_archive_delete(1, '{"forced": true}');

SELECT pgmeta_archive('"E v/1"', 's3');
SELECT pgmeta_archive('"E v"', 'cold');
SELECT pgmeta_archive('v', 'cold');
SELECT pgmeta_archive('"E v/1"', 'warm');
SELECT pgmeta_archive('"E v/1"', 'cold', '{"formats": "csv"}');
SELECT pgmeta_archive('"E v/1"', 'cold', '[]');
SELECT pgmeta_archive('"E v/1"', 'cold', '{"compression": "zstd", "compression_level": 99}');
SELECT pgmeta_archive('"E v/1"', 'cold', '{"columns": ["id"]}');
SELECT pgmeta_archive('"E v/1"', 'cold', '{"path_template": "{HH}/../x"}');
SELECT pgmeta_archive_policy_create('', '"E v"', 'cold', interval '1 year');
SELECT pgmeta_archive_policy_create('p', '"E v/1"', 'cold', interval '1 year');
SELECT pgmeta_archive_policy_create('p', '"E v"', 'cold', interval '-1 year');
SELECT pgmeta_archive_policy_create('p', '"E v"', 'cold', 5);
SELECT pgmeta_archive_policy_create('p', '"E v"', 'cold', interval '1 year', '{"time_zone": "Mars"}');
SELECT pgmeta_archive_policy_create('p', '"E v"', 'cold', interval '1 year', '{"retire": "move", "move_to": "nowhere"}');
SELECT pgmeta_archive_policy_pause('nothing');
SELECT * FROM pgmeta_archive_validate('nothing');
SELECT pgmeta_archive_retry(0);
SELECT pgmeta_archive_cancel(NULL);
SELECT pgmeta_archive_cancel(0);
SELECT pgmeta_archive_start('nothing');
SELECT pgmeta_archive_start(NULL, -1);
SELECT pgmeta_archive_start();
SELECT pgmeta_archive_policy_create('p', '"E v"', 'cold', interval '1 year', '{"schedule": "* * * *"}');
SELECT pgmeta_archive_policy_create('p', '"E v"', 'cold', interval '1 year', '{"backoff": "soon"}');
SELECT pgmeta_archive_policy_create('p', '"E v"', 'cold', interval '1 year', '{"file_size": 1}');
SELECT * FROM pgmeta.archive_progress;
SELECT pgmeta_archive_restore(1);
SELECT pgmeta_archive_restore(NULL, '{"attach": true}'), pgmeta_archive_restore(NULL, NULL);
SELECT pgmeta_archive_restore(1, '{"attached": true}');
SELECT pgmeta_archive_restore(1, '{"properties": "all"}');
SELECT pgmeta_archive_restore(1, '{"parent": "\"E v\""}');
SELECT pgmeta_archive_restore(1, '{"search_path": "public, pg_temp"}');
SELECT pgmeta_archive_restore(1, '{"search_path": "one two"}');
SELECT * FROM pgmeta_archive_verify(1);
-- The same by their codes.
\set VERBOSITY sqlstate
SELECT pgmeta_archive('"E v"', 'cold');
SELECT pgmeta_archive('v', 'cold');
SELECT pgmeta_archive('"E v/1"', 'warm');
SELECT pgmeta_archive('"E v/1"', 'cold', '{"formats": "csv"}');
SELECT pgmeta_archive('"E v/1"', 'cold', '[]');
SELECT pgmeta_archive('"E v/1"', 'cold', '{"compression": "zstd", "compression_level": 99}');
SELECT pgmeta_archive('"E v/1"', 'cold', '{"columns": ["id"]}');
SELECT pgmeta_archive('"E v/1"', 'cold', '{"path_template": "{HH}/../x"}');
SELECT pgmeta_archive_policy_create('', '"E v"', 'cold', interval '1 year');
SELECT pgmeta_archive_policy_create('p', '"E v/1"', 'cold', interval '1 year');
SELECT pgmeta_archive_policy_create('p', '"E v"', 'cold', interval '-1 year');
SELECT pgmeta_archive_policy_create('p', '"E v"', 'cold', 5);
SELECT pgmeta_archive_policy_create('p', '"E v"', 'cold', interval '1 year', '{"time_zone": "Mars"}');
SELECT pgmeta_archive_policy_create('p', '"E v"', 'cold', interval '1 year', '{"retire": "move", "move_to": "nowhere"}');
SELECT pgmeta_archive_policy_pause('nothing');
SELECT pgmeta_archive_restore(1);
SELECT * FROM pgmeta_archive_verify(1);
\set VERBOSITY default

-- A policy's storage is asked first.
SELECT pgmeta_archive_policy_create('The "policy"', '"E v"', 'cold', '1 year', '{"retire": "detach"}');
SELECT pgmeta_archive_policy_create('The "policy"', '"E v"', 'cold', '1 year', '{"probe": "no"}');
SELECT pgmeta_archive_policy_create('The "policy"', '"E v"', 'cold', '1 year', '{"retire": "detach", "probe": false}');
SELECT pgmeta_archive_policy_create('The "policy"', '"E v"', 'cold', interval '1 year');
-- How the retention may be written.
CREATE TABLE "K v" ("Id" bigint NOT NULL) PARTITION BY RANGE ("Id");
SELECT pgmeta_archive_policy_create('k1', '"K v"', 'cold', 100, '{"probe": false}');
SELECT pgmeta_archive_policy_create('k2', '"K v"', 'cold', 100::smallint, '{"probe": false}');
SELECT pgmeta_archive_policy_create('k3', '"K v"', 'cold', '100', '{"probe": false}');
SELECT pgmeta_archive_policy_create(name => 'k4', parent => '"K v"', storage => 'cold', retention => 100, options => '{"probe": false}');
PREPARE typed(text, text, text, text) AS SELECT pgmeta_archive_policy_create($1, $2, $3, $4, '{"probe": false}');
EXECUTE typed('e1', '"E v"', 'cold', '6 months');
PREPARE untyped AS SELECT pgmeta_archive_policy_create(name => $1, parent => $2, storage => $3, retention => $4, options => '{"probe": false}');
EXECUTE untyped('e2', '"E v"', 'cold', '1 day');
SELECT pgmeta_archive_policy_create('e3', '"E v"', 'cold', '6 months'::interval, '{"probe": false}');
SELECT pgmeta_archive_policy_create('e4', '"E v"', 'cold', 'soon');
SELECT pgmeta_archive_policy_create('e4', '"E v"', 'cold', '100');
SELECT pgmeta_archive_policy_create('e4', '"E v"', 'cold', NULL::text);
SELECT pgmeta_archive_policy_create('e4', '"E v"', 'cold', '1 year', '{"expire": "0 days"}');
SELECT name, retention, retention_keys, options FROM pgmeta.archive_policies ORDER BY name;
SELECT partition, policy_name FROM pgmeta_archive_candidates(at => '2025-02-01') ORDER BY policy_name;
-- What is in use is not dropped; other roles learn nothing of it.
DROP SERVER cold;
DROP FOREIGN DATA WRAPPER pgmeta_storage CASCADE;
SELECT pgmeta_archive_policy_drop(name) FROM pgmeta.archive_policies WHERE name ~ '^[ek]';
SELECT pgmeta_archive_policy_alter('The "policy"', '{"retire": "burn"}');
SELECT pgmeta_archive_policy_alter('The "policy"', '{"retire": null, "format": "csv"}');
SELECT name, parent, storage, retention, options, paused FROM pgmeta.archive_policies;
SELECT partition, lower, upper, state, blocked_by FROM pgmeta_archive_candidates('The "policy"', '2025-02-01');
SELECT * FROM pgmeta_archive_candidates('The "policy"', '2025-01-31');
SELECT name, status FROM pgmeta_archive_validate('The "policy"');
SELECT name, status, detail, hint FROM pgmeta_archive_health() WHERE name <> 'storage cold';
-- The storage's folder is not there: that is recorded, and nothing is lost.
SET client_min_messages = error;
CALL pgmeta_archive_run('The "policy"');
RESET client_min_messages;
SELECT policy, partition, state, regexp_replace(error, '-[0-9a-f]{8}-[0-9a-f]{4}"', '-…"') AS error, sqlstate FROM pgmeta.archives;
SELECT line FROM regexp_split_to_table(pgmeta_metrics(), '\n') AS line WHERE line !~ '^#';
SELECT pgmeta_archive_policy_pause('The "policy"');
CALL pgmeta_archive_run();
SELECT count(*) FROM pgmeta.archives;
-- What has failed has nothing to read or delete.
SELECT regexp_replace(error, '-[0-9a-f]{8}-[0-9a-f]{4}"', '-…"') AS error FROM pgmeta.archives;
\set VERBOSITY terse
SELECT min(id) AS failed FROM pgmeta.archives \gset
UPDATE pgmeta.archive_records SET error = 'no room';
SELECT * FROM pgmeta_archive_verify(:failed);
SELECT pgmeta_archive_restore(:failed);
CALL pgmeta_archive_delete(:failed);
\set VERBOSITY default
SELECT pgmeta_archive_policy_resume('The "policy"');

CREATE ROLE regress_archivist;
GRANT USAGE ON SCHEMA "Archive it" TO regress_archivist;
SET ROLE regress_archivist;
SELECT pgmeta_archive('"E v/1"', 'cold');
SELECT pgmeta_archive_policy_drop('The "policy"');
CALL pgmeta_archive_run();
SELECT pgmeta_archive_start();
SELECT pgmeta_archive_retry_all();
SELECT pgmeta_archive_cancel(1);
SELECT * FROM pgmeta.archive_progress;
SELECT * FROM pgmeta.archives;
SELECT * FROM pgmeta_archive_health();
SELECT pgmeta_metrics();
SELECT * FROM pgmeta_archive_adopt('cold');
CALL pgmeta_archive_delete(1, '{"force": true}');
DROP SERVER cold;
RESET ROLE;
GRANT pgmeta_archive_admin TO regress_archivist;
SET ROLE regress_archivist;
SELECT pgmeta_archive('"E v/1"', 'cold');
SELECT pgmeta_archive_policy_create('mine', '"E v"', 'cold', interval '1 year');
-- Another's policy, and records, are not theirs to change.
SELECT pgmeta_archive_policy_pause('The "policy"');
SELECT pgmeta_archive_policy_drop('The "policy"');
SELECT pgmeta_archive_retry_all('The "policy"');
UPDATE pgmeta.archive_policies SET owner = 'regress_archivist';
RESET ROLE;
GRANT USAGE ON FOREIGN SERVER cold TO regress_archivist;
SET ROLE regress_archivist;
SELECT pgmeta_archive('"E v/1"', 'cold');
RESET ROLE;
SELECT pgmeta_archive_policy_drop('The "policy"');
DROP OWNED BY regress_archivist;
DROP ROLE regress_archivist;
DROP SERVER s3 CASCADE;
DROP SERVER cold;
DROP SCHEMA "Archive it" CASCADE;
