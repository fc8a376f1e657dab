-- pgmeta_snapshot, pgmeta_snapshot_ddl, pgmeta_snapshot_schema, pgmeta_fingerprint, pgmeta_version.
\pset format unaligned
\pset tuples_only on
SELECT jsonb_pretty(pgmeta_snapshot('reg') - 'server_version_num');
SELECT (pgmeta_snapshot('reg') ->> 'server_version_num')::int = current_setting('server_version_num')::int;
SELECT pgmeta_snapshot('reg') = pgmeta_snapshot(ARRAY['reg']), pgmeta_snapshot(NULL) = pgmeta_snapshot(), pgmeta_snapshot('ALL', NULL) = pgmeta_snapshot();
SELECT pgmeta_snapshot_ddl(pgmeta_snapshot('reg')) = pgmeta_export('reg');
SELECT pgmeta_snapshot_ddl(pgmeta_snapshot('reg'), '{"owner": false}') = pgmeta_export('reg', options => '{"owner": false}');
SELECT pgmeta_snapshot_ddl('{"format_version": 1, "server_version_num": 150000, "schemas": [{"name": "x y", "owner": "me"}]}');
SELECT pgmeta_snapshot_ddl(NULL) IS NULL, pgmeta_snapshot_ddl('{"format_version": 1, "server_version_num": 150000}', NULL) IS NOT NULL;
SELECT pgmeta_snapshot_schema() ->> '$schema', jsonb_typeof(pgmeta_snapshot_schema() -> 'properties');
SELECT pgmeta_fingerprint('reg') = pgmeta_fingerprint(ARRAY['reg']), pgmeta_fingerprint('reg') <> pgmeta_fingerprint(), length(pgmeta_fingerprint()),
  pgmeta_fingerprint('reg') = encode(sha256(convert_to(pgmeta_export('reg'), 'UTF8')), 'hex');
SELECT pgmeta_version() = extversion FROM pg_extension WHERE extname = 'pgmeta';
-- wrong snapshots: the message says where
\set SHOW_CONTEXT never
SELECT pgmeta_snapshot_ddl('[]');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_snapshot_ddl('{}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_snapshot_ddl('{"format_version": 99, "server_version_num": 150000}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_snapshot_ddl('{"format_version": 1, "server_version_num": 150000, "schemata": []}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_snapshot_ddl('{"format_version": 1, "server_version_num": 150000, "tables": [{"schema": "s", "name": "t", "columns": [{"name": "a"}]}]}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_snapshot_ddl('{"format_version": 1, "server_version_num": 150000, "tables": [{"schema": "s", "name": "t", "columns": [], "persistence": "eternal"}]}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_snapshot('nope');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_snapshot('reg', '{"nope": 1}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_fingerprint('nope');
\echo :LAST_ERROR_SQLSTATE
SET ROLE pgmeta_reg_nobody;
SELECT pgmeta_snapshot_ddl(pgmeta_snapshot('reg')) = pgmeta_export('reg');
RESET ROLE;
