-- pgmeta_diff, pgmeta_plan, pgmeta_migration: arguments, NULLs, odd names, a caller without rights.
\set VERBOSITY terse
SET client_min_messages = warning;
CREATE SCHEMA "Odd ""schema";
CREATE TABLE "Odd ""schema"."select" (id int PRIMARY KEY, "a column" text);
CREATE TEMP TABLE side AS SELECT pgmeta_snapshot('{"Odd \"schema"}'::text[]) AS before, NULL::jsonb AS after;
ALTER TABLE "Odd ""schema"."select" ADD COLUMN "it's" int DEFAULT 7 NOT NULL;
ALTER TABLE "Odd ""schema"."select" ALTER COLUMN "a column" SET NOT NULL;
CREATE VIEW "Odd ""schema".v AS SELECT 7 AS "a column";
COMMENT ON VIEW "Odd ""schema".v IS 'it''s; a view';
CREATE INDEX "an index" ON "Odd ""schema"."select" ("a column");
UPDATE side SET after = pgmeta_snapshot('{"Odd \"schema"}'::text[]);

SELECT ordinal, change, type, schema, name, identity FROM side, pgmeta_diff(before, after);
SELECT key FROM side, pgmeta_diff(before, after), jsonb_object_keys(detail) key WHERE change = 'alter';
SELECT step, transaction, statement, hazards, lock_level FROM side, pgmeta_plan(before, after);
SELECT step, transaction, statement FROM side, pgmeta_plan(after, before);
SELECT count(*) FROM side, pgmeta_diff(after, after);
SELECT count(*) FROM side, pgmeta_plan(after, after);

-- Options.
SELECT step, statement FROM side, pgmeta_plan(before, after, '{"types": ["view"], "comments": false}');
SELECT step, statement FROM side, pgmeta_plan(after, before, '{"drops": false}');
SELECT step, transaction, statement FROM side, pgmeta_plan(before, after, '{"types": ["index"], "concurrently": false}');
SELECT count(*) FROM side, pgmeta_plan(before, after, '{"schemas": ["other"]}');
SELECT count(*) FROM side, pgmeta_plan(before, after, '{"exclude": ["\"Odd\"*"]}');

-- NULLs and wrong arguments.
SELECT count(*) FROM pgmeta_diff(NULL, NULL);
SELECT count(*) FROM pgmeta_plan(NULL, '{}', NULL);
SELECT count(*) FROM pgmeta_migration(NULL, NULL);
SELECT * FROM pgmeta_diff('{"tables": [{}]}', '{}');
SELECT * FROM side, pgmeta_plan(before, after, '{"drop": false}');
SELECT * FROM side, pgmeta_plan(before, after, '[]');
SELECT * FROM side, pgmeta_plan(before, after, '{"types": ["tabels"]}');
SELECT * FROM side, pgmeta_migration(before, after, 'goosed');

-- A table that no ALTER changes.
CREATE TABLE partitioned AS SELECT
  '{"format_version": 1, "server_version_num": 150000, "tables": [{"schema": "Odd", "name": "t \"x", "columns": [{"name": "a", "data_type": "integer"}]}]}'::jsonb AS plain,
  '{"format_version": 1, "server_version_num": 150000, "tables": [{"schema": "Odd", "name": "t \"x", "columns": [{"name": "a", "data_type": "integer"}], "partition_by": "RANGE (a)"}]}'::jsonb AS parts;
SELECT statement, hazards FROM partitioned, pgmeta_plan(plain, parts);
SELECT statement FROM partitioned, pgmeta_plan(plain, parts, '{"copy_tables": false}');
SELECT path FROM partitioned, pgmeta_migration(plain, parts, options => '{"copy_tables": false}');
DROP TABLE partitioned;

-- Files.
SELECT path, content FROM side, pgmeta_migration(before, after, 'plain', '../odd "name"', '7', '{"types": ["view"]}');
SELECT path FROM side, pgmeta_migration(before, after, 'golang-migrate', 'x', '7');

-- Drift from a saved snapshot.
SELECT pgmeta_snapshot_save('it''s saved', before) FROM side;
SELECT change, type, identity FROM pgmeta_drift('it''s saved', '{"schemas": ["Odd \"schema"]}');
SELECT * FROM pgmeta_drift('no such');
SELECT pgmeta_snapshot_delete('it''s saved');

-- Both sides are the caller's own: it takes no rights.
CREATE ROLE regress_pgmeta_planner;
GRANT SELECT ON side TO regress_pgmeta_planner;
SET ROLE regress_pgmeta_planner;
SELECT count(*) FROM side, pgmeta_plan(before, after);
RESET ROLE;
DROP TABLE side;
DROP ROLE regress_pgmeta_planner;
DROP SCHEMA "Odd ""schema" CASCADE;
