-- pgmeta_objects, pgmeta_export: schemas, types, names, options.
\pset format unaligned
\pset tuples_only on
SELECT pgmeta_export('reg');
-- the forms of schemas
SELECT pgmeta_export('reg') = pgmeta_export(ARRAY['reg']), pgmeta_export('{reg}') = pgmeta_export('reg'),
  pgmeta_export(' reg ') = pgmeta_export('reg'), pgmeta_export('ALL') = pgmeta_export(), pgmeta_export(NULL) = pgmeta_export(),
  pgmeta_export(ARRAY['ALL']) = pgmeta_export(), pgmeta_export('reg, "Odd ""schema"""') = pgmeta_export(ARRAY['Odd "schema"', 'reg']),
  pgmeta_export(NULL, NULL, NULL, NULL, NULL, NULL) = pgmeta_export();
-- rows
SELECT ordinal, type, schema, name, identity, parent, path, classid::regclass, objid > 16383, objsubid, fingerprint = encode(sha256(convert_to(ddl, 'UTF8')), 'hex'), error
FROM pgmeta_objects('reg') ORDER BY ordinal;
SELECT type, identity, path FROM pgmeta_objects('"Odd ""schema"""') ORDER BY ordinal;
SELECT string_agg(ddl, '') = (SELECT string_agg(ddl, '') FROM pgmeta_objects(ARRAY['reg'])) FROM pgmeta_objects('reg');
-- filters
SELECT type, identity FROM pgmeta_objects('reg', ARRAY['function', 'view', 'domain', 'aggregate']) ORDER BY ordinal;
SELECT type, identity FROM pgmeta_objects('reg', name_pattern => '^pe') ORDER BY ordinal;
SELECT type, identity FROM pgmeta_objects('reg', ARRAY['table'], 'T$') ORDER BY ordinal;
SELECT type, identity FROM pgmeta_objects('reg', '{}') ORDER BY ordinal;
SELECT type, identity FROM pgmeta_objects(options => '{"exclude": ["reg.p*", "\"Odd \"\"schema\"\"\""]}') WHERE type = 'table' ORDER BY ordinal;
SELECT type, identity FROM pgmeta_objects(ARRAY['reg'], options => '{"exclude": ["reg.?", "reg.*_*"]}') WHERE type IN ('function', 'view', 'table') ORDER BY ordinal;
-- options
SELECT pgmeta_export('reg', ARRAY['sequence', 'domain'], options => '{"drop": true, "owner": false}');
SELECT pgmeta_export('reg', ARRAY['sequence', 'view'], options => '{"if_not_exists": true, "privileges": false}');
SELECT pgmeta_export('reg', ARRAY['table'], 'pet', options => '{"sections": ["pre-data"], "comments": false}');
SELECT pgmeta_export('reg', ARRAY['sequence'], format => 'json')::jsonb - 'server_version_num';
SELECT count(*) FROM pgmeta_objects('reg', ARRAY['role'], '^pgmeta_reg_n');
-- nothing at all
SELECT pgmeta_export('{}');
SELECT count(*) FROM pgmeta_objects(ARRAY[]::text[]);
-- errors
\set SHOW_CONTEXT never
SELECT pgmeta_export('reg, nope, "No way"');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_export(ARRAY['nope']);
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_export(ARRAY['reg', NULL]);
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_export('reg', ARRAY['tables']);
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_export('reg', ARRAY[NULL]);
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_export('reg', name_pattern => '(');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_export('reg', on_error => 'ignore');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_export('reg', format => 'yaml');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_export('reg', options => '{"sections": ["data"]}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_export('reg', options => '{"secrets": "show"}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_export('reg', options => '{"create_database": true}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_export('reg', options => '{"exclude": "reg"}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_export('reg', options => '3');
\echo :LAST_ERROR_SQLSTATE
-- a system schema may be named
SELECT count(*) > 0 FROM pgmeta_objects('information_schema', ARRAY['view']);
-- a caller without rights sees the same
SELECT pgmeta_fingerprint('reg') AS of_superuser \gset
SET ROLE pgmeta_reg_nobody;
SELECT pgmeta_fingerprint('reg') = :'of_superuser';
RESET ROLE;
-- a reader in a read-only transaction
BEGIN READ ONLY;
SELECT pgmeta_fingerprint('reg') = :'of_superuser';
COMMIT;
-- on_error
BEGIN;
CREATE FUNCTION reg.gone() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE VIEW reg.broken AS SELECT reg.gone() AS a;
SET LOCAL allow_system_table_mods = on;
DELETE FROM pg_proc WHERE proname = 'gone' AND pronamespace = 'reg'::regnamespace;
SET LOCAL client_min_messages = error;
SELECT type, identity, path, ddl, regexp_replace(error, '\d+$', 'N') FROM pgmeta_objects('reg', ARRAY['view'], on_error => 'warn') WHERE error IS NOT NULL ORDER BY ordinal;
SELECT type, identity FROM pgmeta_objects('reg', ARRAY['view'], on_error => 'warn') WHERE error IS NULL ORDER BY ordinal;
ROLLBACK;
