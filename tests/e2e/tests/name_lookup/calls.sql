-- Calls every function and view of pgmeta with qualified names. The output is the same whatever twins exist. A new function
-- that is not called here fails the test.
\set VERBOSITY verbose
\set SHOW_CONTEXT never
\set ECHO queries
SELECT tools.pgmeta_version();
SELECT pg_catalog.md5(name), signature, description, example FROM tools.pgmeta_help();
SELECT name FROM tools.pgmeta_help('pgmeta_o*');
SELECT pg_catalog.md5(tools.pgmeta_snapshot_schema()::pg_catalog.text);

-- Exports, in all forms.
SELECT tools.pgmeta_export('{app}'::pg_catalog.text[]);
SELECT pg_catalog.md5(tools.pgmeta_export('app,app_old'::pg_catalog.text));
SELECT type, name, identity, ddl, error FROM tools.pgmeta_objects('{app}'::pg_catalog.text[], name_pattern => 'p') ORDER BY ordinal;
SELECT pg_catalog.count(*) FROM tools.pgmeta_objects('app'::pg_catalog.text, '{table,view}'::pg_catalog.text[], on_error => 'warn');
SELECT pg_catalog.md5(tools.pgmeta_export('{app}'::pg_catalog.text[], format => 'json'));
SELECT path, fingerprint FROM tools.pgmeta_export_files('{app}'::pg_catalog.text[]);
SELECT path FROM tools.pgmeta_export_files('app_old'::pg_catalog.text);
SELECT pg_catalog.md5(tools.pgmeta_export_tar('{app}'::pg_catalog.text[])), pg_catalog.md5(tools.pgmeta_export_tar('app'::pg_catalog.text));
SELECT path, action FROM tools.pgmeta_export_to_directory(:'directory', '{app}'::pg_catalog.text[]);
SELECT path, action FROM tools.pgmeta_export_to_directory(:'directory', 'app_old'::pg_catalog.text, options => '{"prune": true}');
SELECT tools.pgmeta_fingerprint('{app}'::pg_catalog.text[]), tools.pgmeta_fingerprint('app'::pg_catalog.text);
SELECT type, status, reason, count FROM tools.pgmeta_coverage('{app}'::pg_catalog.text[]) WHERE status OPERATOR(pg_catalog.=) 'emitted'::pg_catalog.text;
SELECT type, status, reason, count FROM tools.pgmeta_coverage('app'::pg_catalog.text) WHERE status OPERATOR(pg_catalog.=) 'emitted'::pg_catalog.text;
SELECT rule, identity, fix_sql FROM tools.pgmeta_lint('{app}'::pg_catalog.text[], '{"rules": ["no_primary_key", "unused_index", "table_bloat", "index_null_heavy", "sequence_exhaustion", "extension_outdated"]}');
SELECT pg_catalog.count(*) FROM tools.pgmeta_lint('app'::pg_catalog.text, '{"rules": ["all"]}');
SELECT pg_catalog.count(*) FROM tools.pgmeta_lint(tools.pgmeta_snapshot('app'::pg_catalog.text), '{"profile": "strict"}');
SELECT pg_catalog.count(*) FROM tools.pgmeta_lint(tools.pgmeta_snapshot('app'::pg_catalog.text)::pg_catalog.json);
SELECT pg_catalog.count(*) FROM tools.pgmeta_lint_rules();
SELECT rule, locks FROM tools.pgmeta_lint_sql('CREATE TABLE app.never (id pg_catalog.int4 DEFAULT pg_catalog.random())', '{"rehearse": true}');
SELECT pg_catalog.count(*) FROM tools.pgmeta_lint_plan(tools.pgmeta_snapshot('app'::pg_catalog.text), tools.pgmeta_snapshot('app'::pg_catalog.text));
SELECT rule, identity FROM tools.pgmeta_recommendations('{app}'::pg_catalog.text[]);
SELECT pg_catalog.count(*) FROM tools.pgmeta_recommendations('app'::pg_catalog.text);
SELECT tools.pgmeta_lint_sarif('{app}'::pg_catalog.text[]) OPERATOR(pg_catalog.->>) 'version', tools.pgmeta_lint_sarif('app'::pg_catalog.text) OPERATOR(pg_catalog.->>) 'version';
INSERT INTO pgmeta.lint_profiles VALUES ('mine'::pg_catalog.text, '{"min_level": "error"}'::pg_catalog.jsonb) ON CONFLICT DO NOTHING;
SELECT FROM tools.pgmeta_lint('app'::pg_catalog.text, '{"profile": "mine"}'::pg_catalog.jsonb);
SELECT pg_catalog.count(*) FROM tools.pgmeta_objects('app'::pg_catalog.text, 'Tables, view'::pg_catalog.text);
SELECT tools.pgmeta_export('app'::pg_catalog.text, 'view'::pg_catalog.text), tools.pgmeta_export('app'::pg_catalog.text, 'view'::pg_catalog.text, '^o');
SELECT path FROM tools.pgmeta_export_files('app'::pg_catalog.text, 'view'::pg_catalog.text);
SELECT pg_catalog.md5(tools.pgmeta_export_tar('app'::pg_catalog.text, 'view'::pg_catalog.text));
SELECT path, action FROM tools.pgmeta_export_to_directory(:'directory', 'app_old'::pg_catalog.text, 'table'::pg_catalog.text, options => '{"prune": true}');
-- All objects outside of schemas; the twins themselves are in public.
SELECT pg_catalog.md5(tools.pgmeta_export(NULL::pg_catalog.text[], '{server,foreign-data wrapper,user mapping,role}'::pg_catalog.text[], 'far|remote|twin_(owner|plain)'));
SELECT pg_catalog.count(*) OPERATOR(pg_catalog.>) 10::pg_catalog.int8 FROM tools.pgmeta_coverage();

-- Discovery.
SELECT tools.pgmeta_discover('{app}'::pg_catalog.text[], '{"virtual": true}'), tools.pgmeta_discover('app'::pg_catalog.text, '{"sections": ["patterns"]}');
SELECT tools.pgmeta_discover(tools.pgmeta_snapshot('app'::pg_catalog.text), '{"sections": ["types"]}');
SELECT tools.pgmeta_discover(tools.pgmeta_snapshot('app'::pg_catalog.text)::pg_catalog.json, '{"sections": ["types"]}');
SELECT pg_catalog.jsonb_array_length(tools.pgmeta_discover('app'::pg_catalog.text, '{"sections": ["statistics"]}') OPERATOR(pg_catalog.->) 'statistics'::pg_catalog.text OPERATOR(pg_catalog.->) 'tables'::pg_catalog.text);
SELECT pg_catalog.md5(tools.pgmeta_discover_schema()::pg_catalog.text);
SELECT * FROM tools.pgmeta_relationships('{app}'::pg_catalog.text[]);
SELECT * FROM tools.pgmeta_relationships('app'::pg_catalog.text, '{"virtual": true}');
SELECT tools.pgmeta_diagram('{app}'::pg_catalog.text[]), tools.pgmeta_diagram('app'::pg_catalog.text, 'svg'::pg_catalog.text);
SELECT path, pg_catalog.md5(content) FROM tools.pgmeta_document('{app}'::pg_catalog.text[], options => '{"sizes": false}') WHERE path OPERATOR(pg_catalog.~) '^(types|functions)/';
SELECT path FROM tools.pgmeta_document('app'::pg_catalog.text, 'markdown'::pg_catalog.text);
SELECT path, action FROM tools.pgmeta_document_to_directory(:'directory' OPERATOR(pg_catalog.||) '_site', '{app}'::pg_catalog.text[]);
SELECT path, action FROM tools.pgmeta_document_to_directory(:'directory' OPERATOR(pg_catalog.||) '_site', 'app'::pg_catalog.text, options => '{"tables": ["app.person"], "prune": true}');
SELECT schema, type, total, commented, percent FROM tools.pgmeta_comment_coverage('{app}'::pg_catalog.text[]);
SELECT pg_catalog.count(*) FROM tools.pgmeta_comment_coverage('app'::pg_catalog.text);
SELECT tools.pgmeta_context('{app}'::pg_catalog.text[], 1000), tools.pgmeta_context('app'::pg_catalog.text);
SELECT feature, supported, since, note FROM tools.pgmeta_capabilities('sqlite', '3.40');
SELECT tools.pgmeta_dialect_sql('{app}'::pg_catalog.text[], 'sqlite'), tools.pgmeta_dialect_sql('app'::pg_catalog.text, 'mariadb'), tools.pgmeta_dialect_sql(tools.pgmeta_snapshot('app'::pg_catalog.text), 'mssql');
SELECT path, feature, action, detail FROM tools.pgmeta_dialect_losses('{app}'::pg_catalog.text[], 'sqlite');
SELECT pg_catalog.count(*) FROM tools.pgmeta_dialect_losses('app'::pg_catalog.text, 'mysql');
SELECT pg_catalog.count(*) FROM tools.pgmeta_dialect_losses(tools.pgmeta_snapshot('app'::pg_catalog.text), 'mysql');
SELECT pg_catalog.md5(tools.pgmeta_definition_schema()::pg_catalog.text);
SELECT tools.pgmeta_definition_from('{app}'::pg_catalog.text[], '{"warn": false}'), tools.pgmeta_definition_from('app'::pg_catalog.text, '{"warn": false}') AS definition \gset
SELECT :'definition'::pg_catalog.jsonb;
SELECT path, code, level, message FROM tools.pgmeta_definition_validate(:'definition');
SELECT tools.pgmeta_definition_import('snapshot', tools.pgmeta_snapshot('app'::pg_catalog.text)::pg_catalog.text), tools.pgmeta_definition_import('pgmeta', :'definition');
SELECT tools.pgmeta_import_sqlite(pg_catalog.decode('53514c69746520666f726d61742033000200010100402020000000020000000300000000000000000000000200000004000000000000000000000001' OPERATOR(pg_catalog.||) pg_catalog.repeat('0', 70) OPERATOR(pg_catalog.||) '02002e63010d00000002011c00016c011c' OPERATOR(pg_catalog.||) pg_catalog.repeat('0', 344) OPERATOR(pg_catalog.||) '4e0206171d170177696e64657862795f7469746c656e6f7465730343524541544520494e4445582062795f7469746c65204f4e206e6f74657320287469746c6520434f4c4c415445204e4f4341534529811101071717170182017461626c656e6f7465736e6f74657302435245415445205441424c45206e6f7465732028696420494e5445474552205052494d415259204b45592c207469746c65205641524348415228343029204e4f54204e554c4c2c20646f6e6520424f4f4c45414e2044454641554c5420302c20434845434b20286c656e677468287469746c6529203e203029290d0000000002' OPERATOR(pg_catalog.||) pg_catalog.repeat('0', 1012) OPERATOR(pg_catalog.||) '0a0000000002' OPERATOR(pg_catalog.||) pg_catalog.repeat('0', 1012), 'hex'));
SELECT tools.pgmeta_import_sqlite(:'sqlite'::pg_catalog.text);
SELECT tools.pgmeta_definition_sql(:'definition'), tools.pgmeta_definition_complexity(:'definition');
SELECT path, feature FROM tools.pgmeta_definition_losses(:'definition', 'sqlite');
SELECT tools.pgmeta_template_apply('blog', '{"schema": "looked_up"}') AS template \gset
SELECT tools.pgmeta_definition_create('looked up', :'template') IS NOT NULL, tools.pgmeta_definition_update('looked up', :'template', 'again', 1);
SELECT name, status, version FROM tools.pgmeta_definition_list('LOOKED');
SELECT statement FROM tools.pgmeta_definition_deploy('looked up');
SELECT statement FROM tools.pgmeta_definition_rollback('looked up', 1);
SELECT tools.pgmeta_definition_status('looked up') OPERATOR(pg_catalog.->>) 'status', tools.pgmeta_definition_get('looked up', 1) OPERATOR(pg_catalog.->>) 'schema';
SELECT tools.pgmeta_definition_comment('looked up', '/tables/0', 'a comment') AS comment \gset
SELECT tools.pgmeta_definition_comment_reply(:comment, 'an answer') IS NOT NULL, tools.pgmeta_definition_comment_resolve(:comment);
SELECT tools.pgmeta_definition_share('looked up', 'twin_owner'::pg_catalog.regrole, '{read}'), tools.pgmeta_definition_copy('looked up', 'copied') IS NOT NULL;
SELECT change, identity FROM tools.pgmeta_definition_diff('looked up', 1, 2);
SELECT path FROM tools.pgmeta_definition_migration('looked up', 1, 2);
SELECT effect FROM tools.pgmeta_definition_impact('looked up', 1);
SELECT path FROM tools.pgmeta_definition_export('looked up', 'mermaid');
SELECT statement FROM tools.pgmeta_definition_undeploy('looked up', '{"allow_hazards": ["ACQUIRES_ACCESS_EXCLUSIVE_LOCK", "DELETES_DATA"]}');
SELECT d.name, v.version, p.action, e.event, c.text FROM pgmeta.definitions d, pgmeta.definition_versions v, pgmeta.definition_deployments p, pgmeta.definition_events e, pgmeta.definition_comments c;
SELECT name, role, rights FROM pgmeta.definition_grants;
SELECT tools.pgmeta_definition_rename('copied', 'renamed'), tools.pgmeta_definition_delete('looked up'), tools.pgmeta_definition_restore('looked up');
SELECT tools.pgmeta_definition_delete('renamed'), tools.pgmeta_definition_purge('renamed'), tools.pgmeta_definition_delete('looked up'), tools.pgmeta_definition_purge('looked up');
SELECT tools.pgmeta_template_create('looked up', '{"schema": "{{s}}"}'), tools.pgmeta_template_get('looked up');
SELECT name FROM tools.pgmeta_template_list();
SELECT tools.pgmeta_api('GET', '/api/v1/schemas') OPERATOR(pg_catalog.->>) 'status', pg_catalog.md5(tools.pgmeta_api_openapi()::pg_catalog.text);
SELECT section, calls, rows FROM tools.pgmeta_discovery_stats();

-- Single objects.
SELECT tools.pgmeta_ddl('app.person'::pg_catalog.text), tools.pgmeta_ddl('app.person'::pg_catalog.regclass, '{"dependents": false}');
SELECT tools.pgmeta_ddl('app.plain'::pg_catalog.regcollation), tools.pgmeta_ddl('app.configuration'::pg_catalog.regconfig);
SELECT tools.pgmeta_ddl('app.dictionary'::pg_catalog.regdictionary), tools.pgmeta_ddl('app.===(integer,integer)'::pg_catalog.regoperator);
SELECT tools.pgmeta_ddl('app.touch()'::pg_catalog.regprocedure), tools.pgmeta_ddl('twin_owner'::pg_catalog.regrole);
SELECT tools.pgmeta_ddl('app_old'::pg_catalog.regnamespace), tools.pgmeta_ddl('app.mood'::pg_catalog.regtype);
SELECT tools.pgmeta_object_ddl('table constraint', '{app,person,person_pkey}'::pg_catalog.text[]);
SELECT tools.pgmeta_object_ddl('function', '{app,same}'::pg_catalog.text[], '{integer,integer}'::pg_catalog.text[]);
SELECT tools.pgmeta_ddl('app.person'::pg_catalog.regclass::pg_catalog.oid), tools.pgmeta_ddl('app.mood'::pg_catalog.regtype::pg_catalog.oid);
SELECT tools.pgmeta_ddl('app.touch'::pg_catalog.regproc), tools.pgmeta_ddl('app.==='::pg_catalog.regoper), tools.pgmeta_ddl('pg_catalog.now'::pg_catalog.text);
SELECT tools.pgmeta_ddl('app.nothing'::pg_catalog.text);
SELECT tools.pgmeta_ddl('person_pkey'::pg_catalog.text), tools.pgmeta_ddl('person.name'::pg_catalog.text);
SELECT tools.pgmeta_ddl('person.person_pkey'::pg_catalog.text);
SELECT tools.pgmeta_ddl('app.person_pkey'::pg_catalog.text);
SELECT tools.pgmeta_ddl('4000000001'::pg_catalog.oid);
SELECT tools.pgmeta_export('ap'::pg_catalog.text);
SELECT tools.pgmeta_export('app.person'::pg_catalog.text);

-- Snapshots, and the functions that use them. Not printed: psql prints a variable together with the query.
\set ECHO none
SELECT tools.pgmeta_snapshot('{app}'::pg_catalog.text[]) AS a, tools.pgmeta_snapshot('app'::pg_catalog.text) AS b \gset
BEGIN;
ALTER TABLE app.person ADD COLUMN email pg_catalog.text DEFAULT 'none', DROP COLUMN boss;
CREATE INDEX person_mood ON app.person (mood);
CREATE OR REPLACE VIEW app.glad AS SELECT id, name OPERATOR(pg_catalog.||) '?'::pg_catalog.text AS name, pg_catalog.length(name) AS length FROM app.person;
SELECT tools.pgmeta_snapshot('{app}'::pg_catalog.text[]) AS target \gset
ROLLBACK;
SELECT pg_catalog.md5(:'a'), pg_catalog.md5(:'b'), pg_catalog.md5(:'target');
SELECT pg_catalog.md5(tools.pgmeta_snapshot_ddl(:'a'));
SELECT change, type, identity, detail FROM tools.pgmeta_diff(:'a'::pg_catalog.jsonb, :'target'::pg_catalog.jsonb);
SELECT change, type, identity FROM tools.pgmeta_diff('app'::pg_catalog.text, 'app_old'::pg_catalog.text);
SELECT step, transaction, statement, hazards, lock_level, reason FROM tools.pgmeta_plan(:'a', :'target');
SELECT path, content FROM tools.pgmeta_migration(:'a', :'target', 'flyway', 'change', '1');
SELECT pg_catalog.md5(tools.pgmeta_live(:'target')::pg_catalog.text) IS NOT NULL;
SELECT step, transaction, statement, hazards FROM tools.pgmeta_plan_live(:'target', '{"schemas": ["app"]}');
SELECT step, statement, locks, rewritten, error FROM tools.pgmeta_rehearse(:'target', '{"schemas": ["app"], "allow_hazards": ["DELETES_DATA", "ACQUIRES_ACCESS_EXCLUSIVE_LOCK", "ACQUIRES_SHARE_LOCK", "INDEX_BUILD"]}');
SELECT step, statement FROM tools.pgmeta_apply(:'target', '{"schemas": ["app"], "allow_hazards": ["DELETES_DATA", "ACQUIRES_ACCESS_EXCLUSIVE_LOCK", "ACQUIRES_SHARE_LOCK", "INDEX_BUILD"]}');
SELECT tools.pgmeta_snapshot_save('base'), tools.pgmeta_snapshot_save('given', :'a', 'a comment');
SELECT pg_catalog.md5(tools.pgmeta_snapshot_load('given')::pg_catalog.text);
-- The same with other types, and by name.
SELECT rule, identity FROM tools.pgmeta_lint_plan(:'a'::pg_catalog.json, :'target'::pg_catalog.json);
SELECT rule, identity FROM tools.pgmeta_lint_plan(:'target'::pg_catalog.jsonb, 'given'::pg_catalog.text);
SELECT rule, identity FROM tools.pgmeta_lint_plan('given@1'::pg_catalog.text, :'target'::pg_catalog.jsonb);
SELECT rule, identity FROM tools.pgmeta_lint_plan('given@1'::pg_catalog.text, 'given'::pg_catalog.text);
SELECT step, statement FROM tools.pgmeta_plan(:'a'::pg_catalog.jsonb, :'target'::pg_catalog.jsonb);
SELECT path, content FROM tools.pgmeta_migration(:'a'::pg_catalog.jsonb, :'target'::pg_catalog.jsonb, version => '1');
SELECT change, type, identity FROM tools.pgmeta_diff(:'a'::pg_catalog.json, :'target'::pg_catalog.json);
SELECT step, statement FROM tools.pgmeta_plan(:'a'::pg_catalog.json, :'target'::pg_catalog.json);
SELECT path, content FROM tools.pgmeta_migration(:'a'::pg_catalog.json, :'target'::pg_catalog.json, version => '1');
SELECT change, type, identity FROM tools.pgmeta_diff(:'target'::pg_catalog.jsonb, 'given'::pg_catalog.text);
SELECT step, statement FROM tools.pgmeta_plan(:'target'::pg_catalog.jsonb, 'given'::pg_catalog.text);
SELECT path, content FROM tools.pgmeta_migration(:'target'::pg_catalog.jsonb, 'given'::pg_catalog.text, version => '1');
SELECT change, type, identity FROM tools.pgmeta_diff('given@1'::pg_catalog.text, :'target'::pg_catalog.jsonb);
SELECT step, statement FROM tools.pgmeta_plan('given@1'::pg_catalog.text, :'target'::pg_catalog.jsonb);
SELECT path, content FROM tools.pgmeta_migration('given@1'::pg_catalog.text, :'target'::pg_catalog.jsonb, version => '1');
SELECT change, type, identity FROM tools.pgmeta_diff('snapshot:given'::pg_catalog.text, 'live'::pg_catalog.text, '{"schemas": ["app"]}');
SELECT pg_catalog.md5(tools.pgmeta_snapshot_ddl(:'a'::pg_catalog.jsonb));
SELECT pg_catalog.md5(tools.pgmeta_live(:'target'::pg_catalog.jsonb)::pg_catalog.text) IS NOT NULL;
SELECT step, statement FROM tools.pgmeta_plan_live(:'target'::pg_catalog.jsonb, '{"schemas": ["app"]}');
SELECT step, statement, error FROM tools.pgmeta_rehearse(:'target'::pg_catalog.jsonb, '{"schemas": ["app"]}');
SELECT step, statement FROM tools.pgmeta_apply(:'target'::pg_catalog.jsonb, '{"schemas": ["app"]}');
SELECT change, type, identity FROM tools.pgmeta_drift(:'a'::pg_catalog.jsonb, '{"schemas": ["app"]}');
SELECT pg_catalog.md5(tools.pgmeta_snapshot_ddl(:'a'::pg_catalog.json));
SELECT pg_catalog.md5(tools.pgmeta_live(:'target'::pg_catalog.json)::pg_catalog.text) IS NOT NULL;
SELECT step, statement FROM tools.pgmeta_plan_live(:'target'::pg_catalog.json, '{"schemas": ["app"]}');
SELECT step, statement, error FROM tools.pgmeta_rehearse(:'target'::pg_catalog.json, '{"schemas": ["app"]}');
SELECT step, statement FROM tools.pgmeta_apply(:'target'::pg_catalog.json, '{"schemas": ["app"]}');
SELECT change, type, identity FROM tools.pgmeta_drift(:'a'::pg_catalog.json, '{"schemas": ["app"]}');
SELECT tools.pgmeta_snapshot_save('typed', :'a'::pg_catalog.jsonb), tools.pgmeta_snapshot_save('typed', :'a'::pg_catalog.json), tools.pgmeta_snapshot_save('typed', 'given'::pg_catalog.text);
SELECT tools.pgmeta_snapshot_delete('typed');
SELECT pg_catalog.md5(tools.pgmeta_snapshot_from_sql('CREATE SCHEMA x; CREATE TABLE x.t (a int PRIMARY KEY, b text DEFAULT 1 || ''x''); CREATE VIEW x.v AS SELECT a + 1 AS a FROM x.t')::pg_catalog.text);
\set ECHO queries
SELECT change, type, identity FROM tools.pgmeta_drift('given', '{"schemas": ["app"]}');
SELECT name, version, comment, fingerprint IS NOT NULL FROM pgmeta.snapshots WHERE name OPERATOR(pg_catalog.=) 'given'::pg_catalog.text;
SELECT name, version FROM pgmeta.saved_snapshots ORDER BY created_at;
SELECT name, last_version FROM pgmeta.snapshot_names ORDER BY name;
SELECT tools.pgmeta_snapshot_delete('given', 1), tools.pgmeta_snapshot_delete('base');

-- Archives: policies.
SELECT tools.pgmeta_archive_policy_create('own days', 'app.days'::pg_catalog.regclass, 'cold', '1 month'::pg_catalog.interval, '{"retire": "drop", "backoff": "0"}');
SELECT tools.pgmeta_archive_policy_create('own text', 'app.days'::pg_catalog.regclass, 'cold', '1 month'::pg_catalog.text, '{"expire": "1 year"}');
SELECT tools.pgmeta_archive_policy_drop('own text');
SELECT tools.pgmeta_archive_policy_create('own', 'app.keys'::pg_catalog.regclass, 'cold', 50::pg_catalog.int8, '{"retire": "detach"}');
SELECT tools.pgmeta_archive_policy_alter('own', '{"retire": "drop", "detach_concurrently": true, "schedule": "1 day"}');
SELECT tools.pgmeta_archive_policy_alter('own', '{"schedule": "soon"}');
SELECT tools.pgmeta_archive_policy_pause('own'), tools.pgmeta_archive_policy_resume('own');
SELECT name, parent, storage, retention, retention_keys, options, paused, owner OPERATOR(pg_catalog.=) CURRENT_USER::pg_catalog.name FROM pgmeta.archive_policies ORDER BY name;
SELECT partition, lower, upper, state, blocked_by FROM tools.pgmeta_archive_candidates('days');
SELECT partition, lower, upper, state, blocked_by FROM tools.pgmeta_archive_candidates('keys', '2020-06-01'::pg_catalog.timestamptz);
SELECT name, status, detail FROM tools.pgmeta_archive_validate('days');
SELECT name, status, detail FROM tools.pgmeta_archive_health() WHERE name OPERATOR(pg_catalog.<>) 'storage late'::pg_catalog.text;

-- One archive in one transaction, in each format.
SELECT tools.pgmeta_archive('app.days_1'::pg_catalog.regclass, 'cold') AS archive \gset
SELECT status, detail FROM tools.pgmeta_archive_verify(:archive::pg_catalog.int8);
SELECT status, detail FROM tools.pgmeta_archive_verify(:archive::pg_catalog.int8, '{"content": true}');
SELECT name, stored, live, equal FROM tools.pgmeta_archive_compare(:archive::pg_catalog.int8);
SELECT tools.pgmeta_archive('app.days_2'::pg_catalog.regclass, 'cold', '{"format": "parquet", "retire": "drop"}') AS archive \gset
SELECT tools.pgmeta_archive_restore(:archive::pg_catalog.int8, '{"attach": true}');
CALL tools.pgmeta_archive_delete(:archive::pg_catalog.int8);
SELECT tools.pgmeta_archive('app.days_3'::pg_catalog.regclass, 'cold', '{"format": "csv", "retire": "detach"}') IS NOT NULL;
SELECT tools.pgmeta_archive('app.days_4'::pg_catalog.regclass, 'cold', '{"format": "binary"}') IS NOT NULL;

-- A failed archive is cancelled, and tried again.
SET client_min_messages = error;
CALL tools.pgmeta_archive_run('late');
RESET client_min_messages;
SELECT pg_catalog.max(id) AS failed FROM pgmeta.archives WHERE state OPERATOR(pg_catalog.=) 'failed'::pg_catalog.text \gset
\setenv LATE :late
\! mkdir -p -m 777 "$LATE"
SELECT tools.pgmeta_archive_cancel(:failed::pg_catalog.int8);
SELECT tools.pgmeta_archive_retry(:failed::pg_catalog.int8) IS NOT NULL;
SELECT tools.pgmeta_archive_retry_all('late'::pg_catalog.text) IS NOT NULL;

-- Archives that could come from another database.
\! cp -r "$LATE/../cold/." "$LATE/" && find "$LATE" -name '*manifest.json' -exec sed -i 's/"lsn": "/"lsn": "0/' {} + && chmod -R a+rwX "$LATE"
SELECT action, pg_catalog.count(*) FROM tools.pgmeta_archive_adopt('late') GROUP BY action ORDER BY action;
DROP SCHEMA IF EXISTS nothing;
DROP SERVER cold;

SELECT tools._pgmeta_storage_validator('{url=file:///tmp}'::pg_catalog.text[], 'pg_catalog.pg_foreign_server'::pg_catalog.regclass::pg_catalog.oid);
CALL tools.pgmeta_archive_run('days');

-- Background workers.
SELECT pg_catalog.count(*) FROM tools.pgmeta_archive_start('keys');
SELECT pg_catalog.count(*) FROM tools.pgmeta_archive_start('gone', 1);
DO $$ BEGIN
    FOR turn IN 1 .. 400 LOOP
        PERFORM pg_catalog.pg_sleep(0.05::pg_catalog.float8), pg_catalog.pg_stat_clear_snapshot();
        EXIT WHEN 5::pg_catalog.int8 OPERATOR(pg_catalog.=) (SELECT pg_catalog.count(*) FROM pgmeta.archives a
                WHERE a.state OPERATOR(pg_catalog.=) 'retired'::pg_catalog.text
                    AND (a.policy OPERATOR(pg_catalog.=) 'keys'::pg_catalog.text OR a.policy OPERATOR(pg_catalog.=) 'gone'::pg_catalog.text))
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_get_activity(NULL::pg_catalog.int4) a
                WHERE a.backend_type OPERATOR(pg_catalog.=) 'pgmeta archive'::pg_catalog.text AND a.datid OPERATOR(pg_catalog.=)
                    (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()));
    END LOOP;
END $$;

-- The views of archives.
SELECT policy, partition, parent, bound, state, retire, storage, rows, row_digest, error IS NOT NULL, sqlstate, class, attempt, archived_by OPERATOR(pg_catalog.=) CURRENT_USER::pg_catalog.name FROM pgmeta.archives ORDER BY partition, id;
SELECT rows, sha256 IS NOT NULL FROM pgmeta.archive_files ORDER BY rows;
SELECT state, pg_catalog.split_part(detail, ' at ', 1) AS detail FROM pgmeta.archive_events WHERE state OPERATOR(pg_catalog.<>) 'failed'::pg_catalog.text ORDER BY state, detail;
SELECT policy, partition, state, held, detached FROM pgmeta.archive_records ORDER BY partition, id;
SELECT rows FROM pgmeta.archive_stored_files ORDER BY rows;
SELECT state, pg_catalog.split_part(detail, ' at ', 1) AS detail FROM pgmeta.archive_state_changes WHERE state OPERATOR(pg_catalog.<>) 'failed'::pg_catalog.text ORDER BY state, detail;
SELECT policy, partition, phase, rows IS NOT NULL, rate IS NOT NULL, eta IS NOT NULL, started_at IS NOT NULL FROM pgmeta.archive_progress
    WHERE policy IS NULL;
SELECT policy, partition, phase FROM tools._pgmeta_archive_progress() WHERE policy IS NULL;
SELECT pg_catalog.length(tools.pgmeta_metrics()) OPERATOR(pg_catalog.>) 100;
SELECT name, status FROM tools.pgmeta_archive_health();
SELECT tools.pgmeta_archive_policy_drop('own'), tools.pgmeta_archive_policy_drop('own days');
