-- The registry of definitions: arguments, NULLs, odd names, a caller without rights.
SET client_min_messages = warning;
CREATE ROLE regress_registry_owner;
CREATE ROLE regress_registry_other;
GRANT CREATE ON DATABASE pgmeta_regress TO regress_registry_owner;
SET ROLE regress_registry_owner;

-- Stored, changed, found.
SELECT pgmeta_definition_create('Odd "name'' <b>', '{"schema": "Odd \"schema''", "description": "the first", "labels": {"team": "Sales"},
  "tables": [{"name": "Order", "columns": [{"name": "Id", "type": "bigint", "primary_key": true}]}]}', 'first') IS NOT NULL AS created;
SELECT pgmeta_definition_create('Odd "name'' <b>', '{}');
SELECT pgmeta_definition_create('bad', '{"tables": [{"name": "a", "columns": [{"name": "a", "type": "nosuch"}, {"name": "a", "type": "int"}]}]}');
SELECT pgmeta_definition_create(NULL, '{}');
SELECT pgmeta_definition_create('', '{}');
SELECT pgmeta_definition_create('x', NULL);
SELECT pgmeta_definition_create('x', '{}', options => '{"nosuch": 1}');
SELECT pgmeta_definition_update('Odd "name'' <b>', jsonb_set(pgmeta_definition_get('Odd "name'' <b>'), '{tables,0,columns,1}', '{"name": "price", "type": "numeric"}'), 'second', 1);
SELECT pgmeta_definition_update('Odd "name'' <b>', '{}', NULL, 1);
SELECT pgmeta_definition_update('nosuch', '{}');
SELECT pgmeta_definition_get('Odd "name'' <b>', 1) #>> '{tables,0,columns}' AS columns, pgmeta_definition_get(NULL), pgmeta_definition_status(NULL);
SELECT pgmeta_definition_get('Odd "name'' <b>', 3);
SELECT name, description, status, version, deployed_version, owner, total FROM pgmeta_definition_list();
SELECT search, (SELECT count(*) FROM pgmeta_definition_list(search)) FROM unnest(ARRAY['ODD', 'order', 'sales', 'first', 'nosuch', '%']) AS s (search);
SELECT count(*) FROM pgmeta_definition_list(options => '{"status": "created", "owner": "regress_registry_owner", "sort": "updated_at", "descending": true}');
SELECT count(*) FROM pgmeta_definition_list(page => 2);
SELECT count(*) FROM pgmeta_definition_list(options => '{"deleted": true}');
SELECT pgmeta_definition_list(page => 0);
SELECT pgmeta_definition_list(options => '{"sort": "nosuch"}');

-- Versions compared.
SELECT change, identity, detail FROM pgmeta_definition_diff('Odd "name'' <b>', 1, 2);
SELECT path, content FROM pgmeta_definition_migration('Odd "name'' <b>', 1, 2, 'plain', '{"lock_timeout": 1000}') \g (format=unaligned tuples_only=on)
SELECT type, identity, effect, detail FROM pgmeta_definition_impact('Odd "name'' <b>', 1);
SELECT * FROM pgmeta_definition_diff('Odd "name'' <b>', 1, NULL);
SELECT * FROM pgmeta_definition_migration('Odd "name'' <b>', 1, 2, 'nosuch');

-- Deployed, changed by hand, taken back.
SELECT step, statement, duration_ms FROM pgmeta_definition_deploy('Odd "name'' <b>', 1, '{"dry_run": true}') \g (format=unaligned tuples_only=on)
SELECT step, statement, duration_ms IS NOT NULL AS timed FROM pgmeta_definition_deploy('Odd "name'' <b>', 1) \g (format=unaligned tuples_only=on)
SELECT pgmeta_definition_status('Odd "name'' <b>') - '{fingerprint,deployed_fingerprint,tables}'::text[] AS status;
SELECT pgmeta_definition_deploy('Odd "name'' <b>', options => '{"dry_run": true}');
SELECT pgmeta_definition_deploy('Odd "name'' <b>');
SELECT pgmeta_definition_deploy('Odd "name'' <b>', options => '{"expected_fingerprint": "x"}');
SELECT step, statement FROM pgmeta_definition_deploy('Odd "name'' <b>', options => '{"allow_hazards": "ACQUIRES_ACCESS_EXCLUSIVE_LOCK"}');
SELECT pgmeta_definition_deploy('Odd "name'' <b>', 7);
SELECT pgmeta_definition_deploy('Odd "name'' <b>', options => '{"nosuch": 1}');
SELECT pgmeta_definition_deploy(NULL);
SELECT pgmeta_definition_rollback('Odd "name'' <b>', NULL);
COMMENT ON TABLE "Odd ""schema'"."Order" IS 'by hand';
SELECT pgmeta_definition_rollback('Odd "name'' <b>', 1, '{"allow_hazards": "ACQUIRES_ACCESS_EXCLUSIVE_LOCK,DELETES_DATA"}');
SELECT d ->> 'identity' AS identity, d -> 'detail' AS detail FROM jsonb_array_elements(pgmeta_definition_status('Odd "name'' <b>') -> 'drift') d;
SELECT step, statement FROM pgmeta_definition_rollback('Odd "name'' <b>', 1, '{"overwrite_drift": true, "allow_hazards": "ACQUIRES_ACCESS_EXCLUSIVE_LOCK,DELETES_DATA"}');
SELECT step, statement FROM pgmeta_definition_undeploy('Odd "name'' <b>', '{"allow_hazards": "ACQUIRES_ACCESS_EXCLUSIVE_LOCK,DELETES_DATA"}');
SELECT pgmeta_definition_undeploy('Odd "name'' <b>');

-- Shared, remarked on, named.
SET ROLE regress_registry_other;
SELECT pgmeta_definition_get('Odd "name'' <b>');
SELECT count(*) FROM pgmeta_definition_list();
SELECT count(*) FROM pgmeta.definitions;
SET ROLE regress_registry_owner;
SELECT pgmeta_definition_share('Odd "name'' <b>', 'regress_registry_other', '{nosuch}');
SELECT pgmeta_definition_share('Odd "name'' <b>', 'regress_registry_other', NULL);
SELECT pgmeta_definition_share('Odd "name'' <b>', 'regress_registry_other', '{read}');
SET ROLE regress_registry_other;
SELECT pgmeta_definition_get('Odd "name'' <b>') ->> 'description' AS description;
SELECT pgmeta_definition_update('Odd "name'' <b>', '{}');
SELECT pgmeta_definition_comment('Odd "name'' <b>', '/tables/0', 'Why quoted?') AS comment \gset
SELECT pgmeta_definition_comment('Odd "name'' <b>', '/nosuch', 'x');
SELECT pgmeta_definition_comment('Odd "name'' <b>', '', NULL);
SET ROLE regress_registry_owner;
SELECT pgmeta_definition_comment_reply(:comment, 'It is a word of SQL.') IS NOT NULL AS answered, pgmeta_definition_comment_resolve(:comment);
SELECT pgmeta_definition_comment_reply(0, 'x');
SELECT pgmeta_definition_rename('Odd "name'' <b>', NULL);
SELECT pgmeta_definition_rename('Odd "name'' <b>', 'plain'), pgmeta_definition_copy('plain', 'second') IS NOT NULL AS copied;
SELECT pgmeta_definition_rename('second', 'plain');
SELECT pgmeta_definition_share('plain', 'regress_registry_other', '{}');
SELECT pgmeta_definition_delete('plain'), pgmeta_definition_delete('second');
SELECT pgmeta_definition_get('plain');
SELECT pgmeta_definition_restore('plain'), pgmeta_definition_restore('nosuch');
SELECT pgmeta_definition_restore('plain');
SELECT pgmeta_definition_restore('plain');
SELECT pgmeta_definition_purge('second');
SELECT pgmeta_definition_purge('plain');
RESET ROLE;
SELECT name, version, message, author FROM pgmeta.definition_versions ORDER BY version;
SELECT action, from_version, to_version, target, role, steps, error FROM pgmeta.definition_deployments ORDER BY id;
SELECT event, role, detail - 'comment' AS detail FROM pgmeta.definition_events ORDER BY id;
SELECT name, path, text, author, resolved_by, parent IS NOT NULL AS answers FROM pgmeta.definition_comments ORDER BY id;

-- Statements in other dialects, files.
SELECT pgmeta_definition_sql(pgmeta_definition_get('plain'), 'sqlite') \g (format=unaligned tuples_only=on)
SELECT path, feature, action FROM pgmeta_definition_losses('{"tables": [{"name": "t", "columns": [{"name": "a", "type": "int4range", "primary_key": true}], "row_security": true}]}', 'sqlite');
SELECT * FROM pgmeta_definition_losses(NULL, 'sqlite');
SELECT * FROM pgmeta_definition_losses('{}', NULL);
SELECT pgmeta_definition_losses('{}', 'nosuch');
SELECT format, path, length(content) > 0 AS has_content FROM unnest('{pgmeta,snapshot,postgresql,sqlite,mysql,mariadb,mssql,dbml,mermaid}'::text[]) f (format), pgmeta_definition_export('plain', format);
SELECT pgmeta_definition_export('plain', 'nosuch');

-- Templates.
SELECT name, description, parameters FROM pgmeta_template_list() \g (format=unaligned tuples_only=on)
SELECT pgmeta_template_apply('blog', '{"schema": "odd \"s"}') ->> 'schema' AS schema, pgmeta_template_get(NULL), pgmeta_template_apply(NULL);
SELECT pgmeta_template_apply('blog', '{"nosuch": 1}');
SELECT pgmeta_template_get('nosuch');
SET ROLE regress_registry_owner;
SELECT pgmeta_template_create('mine', '{"schema": "{{s}}"}', 'own');
SELECT pgmeta_template_create('blog', '{}');
SELECT pgmeta_template_apply('mine');
SELECT pgmeta_template_apply('mine', jsonb_build_object('s', repeat('y', 20000000)));
SET ROLE regress_registry_other;
SELECT pgmeta_template_get('mine');
SELECT pgmeta_template_create('mine', '{}');
RESET ROLE;

-- The REST face.
SELECT pgmeta_api('GET', '/api/v1/schemas', '{"search": "plain"}') - 'data' AS answer;
SELECT pgmeta_api('GET', '/api/v1/schemas/nosuch');
SELECT pgmeta_api('POST', '/api/v1/schemas', body => '{"document": {}}');
SELECT pgmeta_api(NULL, '/'), pgmeta_api('GET', NULL);
SELECT pgmeta_api_openapi() ->> 'openapi' AS openapi;

SELECT pgmeta_definition_delete('plain'), pgmeta_definition_purge('plain');
SELECT count(*) FROM pgmeta.definitions;
REVOKE CREATE ON DATABASE pgmeta_regress FROM regress_registry_owner;
DROP ROLE regress_registry_owner, regress_registry_other;
