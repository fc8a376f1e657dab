-- Archives: NULLs, odd names, callers without rights, bad input.
CREATE SERVER cold FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 'file:///tmp', region 'x');
CREATE SERVER cold FOREIGN DATA WRAPPER pgmeta_storage;
CREATE SERVER cold FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 's3://user:secret@host/x');
CREATE SERVER cold FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 'file:///tmp/../etc');
CREATE SERVER cold FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 'file:///nowhere/at all');
CREATE USER MAPPING FOR PUBLIC SERVER cold OPTIONS (password 'x');

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
SELECT pgmeta_archive_policy_create(NULL, '"E v"', 'cold', interval '1 year');
SELECT pgmeta_archive_policy_drop(NULL);

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
SELECT pgmeta_archive_restore(1);
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

SELECT pgmeta_archive_policy_create('The "policy"', '"E v"', 'cold', interval '1 year', '{"retire": "detach"}');
SELECT pgmeta_archive_policy_create('The "policy"', '"E v"', 'cold', interval '1 year');
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
SELECT policy, partition, state, regexp_replace(error, '-[0-9a-f-]+[.]csv', '-….csv') AS error, sqlstate FROM pgmeta.archives;
SELECT line FROM regexp_split_to_table(pgmeta_metrics(), '\n') AS line WHERE line !~ '^#';
SELECT pgmeta_archive_policy_pause('The "policy"');
CALL pgmeta_archive_run();
SELECT count(*) FROM pgmeta.archives;
SELECT pgmeta_archive_policy_resume('The "policy"');

CREATE ROLE regress_archivist;
GRANT USAGE ON SCHEMA "Archive it" TO regress_archivist;
SET ROLE regress_archivist;
SELECT pgmeta_archive('"E v/1"', 'cold');
SELECT pgmeta_archive_policy_drop('The "policy"');
CALL pgmeta_archive_run();
SELECT * FROM pgmeta.archives;
SELECT * FROM pgmeta_archive_health();
SELECT pgmeta_metrics();
RESET ROLE;
GRANT pgmeta_archive_admin TO regress_archivist;
SET ROLE regress_archivist;
SELECT pgmeta_archive('"E v/1"', 'cold');
SELECT pgmeta_archive_policy_create('mine', '"E v"', 'cold', interval '1 year');
RESET ROLE;
GRANT USAGE ON FOREIGN SERVER cold TO regress_archivist;
SET ROLE regress_archivist;
SELECT pgmeta_archive('"E v/1"', 'cold');
RESET ROLE;
SELECT pgmeta_archive_policy_drop('The "policy"');
DROP OWNED BY regress_archivist;
DROP ROLE regress_archivist;
DROP SERVER cold;
DROP SCHEMA "Archive it" CASCADE;
