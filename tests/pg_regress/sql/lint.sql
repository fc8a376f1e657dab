-- pgmeta_lint, pgmeta_lint_sql, pgmeta_lint_plan, pgmeta_lint_rules, pgmeta_lint_sarif, pgmeta_recommendations.
\pset format unaligned
\pset tuples_only on
SET client_min_messages = warning;
CREATE ROLE regress_lint_reader;
CREATE SCHEMA lint_t;
CREATE TABLE lint_t.customers (id bigint PRIMARY KEY, email varchar(40) NOT NULL);
CREATE TABLE lint_t."Odd ""orders/" (id integer, customer_id bigint REFERENCES lint_t.customers, created_at timestamp);
CREATE INDEX orders_created ON lint_t."Odd ""orders/" (created_at);
CREATE INDEX orders_again ON lint_t."Odd ""orders/" (created_at);

-- Findings with their fixes, which are exact.
SELECT rule, level, identity, column_name, detail, fix_sql FROM pgmeta_lint('lint_t')
WHERE rule IN ('no_primary_key', 'duplicate_index', 'unindexed_foreign_key') ORDER BY cache_key COLLATE "C";
SELECT rule, schema, name, type FROM pgmeta_lint('lint_t', '{"rules": ["timestamp_without_tz"]}');
-- The names of peers are taken, and a rule that is off runs where it is named.
SELECT DISTINCT rule FROM pgmeta_lint('lint_t', '{"rules": ["0004_no_primary_key", "B001"]}');
SELECT count(*) > 0, bool_and(level <> 'info') FROM pgmeta_lint('lint_t', '{"min_level": "warning"}');
SELECT count(*) FROM pgmeta_lint('lint_t', '{"rules": ["no_primary_key"], "exclude": ["lint_t.\"Odd\"*"]}');
SELECT level FROM pgmeta_lint('lint_t', '{"rules": ["no_primary_key"], "thresholds": {"no_primary_key": {"level": "info"}}}');

-- One finding is silenced by its key, or by a comment; it is counted.
SELECT rule, type, detail FROM pgmeta_lint('lint_t', jsonb_build_object('rules', '{no_primary_key}'::text[], 'ignore',
    (SELECT array_agg(cache_key) FROM pgmeta_lint('lint_t', '{"rules": ["no_primary_key"]}'))));
COMMENT ON TABLE lint_t."Odd ""orders/" IS 'A log. @pgmeta({"ignore": ["no_primary_key"]})';
SELECT rule, type, detail FROM pgmeta_lint('lint_t', '{"rules": ["no_primary_key"]}');
COMMENT ON TABLE lint_t."Odd ""orders/" IS NULL;

-- The forms.
SELECT (SELECT array_agg(cache_key ORDER BY cache_key COLLATE "C") FROM pgmeta_lint('lint_t')) =
       (SELECT array_agg(cache_key ORDER BY cache_key COLLATE "C") FROM pgmeta_lint('{lint_t}'::text[], NULL));
SELECT count(*) FROM pgmeta_lint(NULL::jsonb);
SELECT count(*) FROM pgmeta_lint('{}'::text[]);
-- A snapshot has no statistics, and the rules that need them are named.
SELECT rule, detail FROM pgmeta_lint(pgmeta_snapshot('lint_t'), '{"rules": ["no_primary_key", "missing_index"]}');

-- Stored profiles.
INSERT INTO pgmeta.lint_profiles (name, options) VALUES ('ours', '{"rules": ["no_primary_key"]}');
SELECT DISTINCT rule FROM pgmeta_lint('lint_t', '{"profile": "ours"}');
INSERT INTO pgmeta.lint_profiles (name, options) VALUES ('on ours', '{"profile": "ours"}'), ('on api', '{"profile": "API", "rules": ["no_primary_key"]}'),
  ('a', '{"profile": "b"}'), ('b', '{"profile": "a"}');
SELECT DISTINCT rule FROM pgmeta_lint('lint_t', '{"profile": "on ours"}');
SELECT DISTINCT rule FROM pgmeta_lint('lint_t', '{"profile": "on api"}');
SELECT * FROM pgmeta_lint('lint_t', '{"profile": "a"}');
\echo :LAST_ERROR_SQLSTATE
INSERT INTO pgmeta.lint_profiles (name, options) VALUES ('Strict', '{}');
DELETE FROM pgmeta.lint_profiles;
SELECT * FROM pgmeta_lint('lint_t', '{"profile": "ours"}');
\echo :LAST_ERROR_SQLSTATE

-- Migrations.
SELECT statement, line, rule, level, locks, fix_sql FROM pgmeta_lint_sql($$
SET lock_timeout = '5s';
SET statement_timeout = '5s';
CREATE INDEX late ON lint_t.customers (email);
ALTER TABLE lint_t.customers ALTER COLUMN email TYPE text, ADD COLUMN at timestamptz DEFAULT clock_timestamp();
DROP TABLE IF EXISTS lint_t.nowhere$$);
SELECT statement, line, rule, locks @> '{"lint_t.customers: AccessExclusiveLock"}', rewrites FROM pgmeta_lint_sql('ALTER TABLE lint_t.customers ADD COLUMN number serial', '{"rehearse": true}')
WHERE rewrites IS NOT NULL;
SELECT count(*) FROM pg_attribute WHERE attrelid = 'lint_t.customers'::regclass AND attname = 'number';
SELECT statement, line, rule, detail FROM pgmeta_lint_sql('SELECT 1; SELEC 2');
\echo :LAST_ERROR_SQLSTATE
SELECT count(*) FROM pgmeta_lint_sql(NULL);
SELECT count(*) FROM pgmeta_lint_sql('');
SELECT DISTINCT rule FROM pgmeta_lint_plan(pgmeta_snapshot('lint_t'), jsonb_set(pgmeta_snapshot('lint_t'), '{tables}', '[]')) ORDER BY rule;
SELECT count(*) FROM pgmeta_lint_plan(NULL, pgmeta_snapshot('lint_t'));

-- Rules, SARIF and recommendations.
SELECT count(*), count(DISTINCT rule), bool_and(title <> '' AND description <> '' AND rationale <> '' AND example_bad <> '' AND example_good <> '')
FROM pgmeta_lint_rules();
SELECT rule, level, enabled, category, title, options, peers FROM pgmeta_lint_rules() WHERE rule = 'no_primary_key';
SELECT s ->> 'version', s #>> '{runs,0,tool,driver,name}', s @? '$.runs[0].results[*] ? (@.ruleId == "no_primary_key")'
FROM pgmeta_lint_sarif('lint_t') s;
SELECT rule, fix_sql IS NOT NULL FROM pgmeta_recommendations('lint_t') WHERE rule = 'duplicate_index';

-- Errors.
SELECT * FROM pgmeta_lint('no_such_schema');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM pgmeta_lint('lint_t', '{"rules": ["no_primary_kye"]}');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM pgmeta_lint('lint_t', '{"min_level": "fatal"}');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM pgmeta_lint('lint_t', '{"thresholds": {"missing_index": {"rows": 1}}}');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM pgmeta_lint('{"tables": []}'::jsonb);
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM pgmeta_lint_sql('SELECT 1', '{"rehearsal": true}');
\echo :LAST_ERROR_SQLSTATE

-- A role without rights gets the findings of the catalogs; it may not write profiles, and rehearses with its own rights.
SET ROLE regress_lint_reader;
SELECT rule FROM pgmeta_lint('lint_t', '{"rules": ["no_primary_key"]}');
INSERT INTO pgmeta.lint_profiles (name, options) VALUES ('theirs', '{}');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM pgmeta_lint('lint_t', '{"profile": "theirs"}');
\echo :LAST_ERROR_SQLSTATE
SELECT DISTINCT metadata ->> 'error' FROM pgmeta_lint_sql('DROP TABLE lint_t.customers', '{"rehearse": true}');
SELECT count(*) FROM pgmeta_lint_sarif('lint_t');
RESET ROLE;
DROP SCHEMA lint_t CASCADE;
DROP ROLE regress_lint_reader;
