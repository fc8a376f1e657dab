-- Runs after all functions exist: comments on public functions (pgrx makes none from doc comments), privileges on functions, and
-- privileges on the tables that pg_dump reads.
-- A comment is a sentence and, on a line of its own, an example. pgmeta_help reads both from the comments.
-- Pins the search_path: the schema that CREATE EXTENSION chooses may contain functions and operators of other roles.
SET LOCAL search_path = pg_catalog, pg_temp;

DO $$
DECLARE
    described CONSTANT pg_catalog.text[][] := ARRAY[
        ['pgmeta_ddl', 'Returns the DDL of an object and of the objects that belong to it; {"dependents": false} returns the DDL of the object alone'],
        ['pgmeta_object_ddl', 'Returns the DDL of an object addressed as in pg_get_object_address: type, names, arguments'],
        ['pgmeta_objects', 'Returns one row with the DDL of each object, in an order in which it can be restored'],
        ['pgmeta_export', 'Returns the DDL of schemas or of the whole database as one script; format ''json'' returns the snapshot'],
        ['pgmeta_export_files', 'Returns the export as files: path, content and SHA-256; install.sql includes them in order'],
        ['pgmeta_export_tar', 'Returns the files of pgmeta_export_files as a tar archive'],
        ['pgmeta_export_to_directory', 'Writes the files of pgmeta_export_files to a directory of the server; requires pg_write_server_files'],
        ['pgmeta_snapshot', 'Returns schemas or the whole database as a snapshot, a JSON document'],
        ['pgmeta_snapshot_ddl', 'Returns the DDL of a snapshot; does not read the catalog'],
        ['pgmeta_snapshot_schema', 'Returns the JSON Schema of snapshots'],
        ['pgmeta_snapshot_save', 'Saves a snapshot under a name, by default one of the whole database; returns its version'],
        ['pgmeta_snapshot_load', 'Returns a saved snapshot, by default its latest version'],
        ['pgmeta_snapshot_delete', 'Deletes one version or all versions of a saved snapshot; returns the number of deleted versions'],
        ['pgmeta_snapshot_from_sql', 'Runs an SQL script in a scratch database and returns the snapshot of it; requires CREATEDB'],
        ['pgmeta_coverage', 'Counts the rows of the system catalogs by what an export does with them, and why'],
        ['pgmeta_fingerprint', 'Returns the SHA-256 of the canonical DDL of schemas or of the whole database'],
        ['pgmeta_diff', 'Returns the differences between two snapshots, or between two schemas of this database compared under one name'],
        ['pgmeta_plan', 'Returns the statements that change one snapshot into another, in order, with locks and hazards'],
        ['pgmeta_migration', 'Returns a plan and its reverse as files of a migration tool'],
        ['pgmeta_live', 'Returns the snapshot of the live schema that pgmeta_rehearse and pgmeta_apply compare with a target, with table sizes'],
        ['pgmeta_plan_live', 'Returns the statements that change the live schema into a target, in order, with locks and hazards'],
        ['pgmeta_rehearse', 'Runs the plan from the live schema to a target, measures each statement, compares the result, and rolls everything back'],
        ['pgmeta_apply', 'Runs the plan from the live schema to a target in the current transaction: all of it or nothing'],
        ['pgmeta_drift', 'Returns the differences between a saved snapshot and the live database'],
        ['pgmeta_definition_complexity', 'Returns how complex a definition is: numbers of objects, depth, circles, a score and its parts'],
        ['pgmeta_definition_from', 'Returns schemas or the whole database as a definition, a schema as people write it in JSON'],
        ['pgmeta_definition_import', 'Returns what another tool, a snapshot, a script of SQL or DBML describes as a definition, with a report of what was not said or taken'],
        ['pgmeta_import_sqlite', 'Returns the schema of an SQLite database, in bytes or in a file of the server, as a definition, with a report of what was not taken'],
        ['pgmeta_definition_schema', 'Returns the JSON Schema of definitions'],
        ['pgmeta_definition_sql', 'Returns the statements that create the objects of a definition'],
        ['pgmeta_definition_validate', 'Returns all faults of a definition, each with its path and a code'],
        ['pgmeta_dialect_losses', 'Returns what of schemas or of a snapshot does not come along into another SQL dialect: sqlite, mysql, mariadb or mssql'],
        ['pgmeta_dialect_sql', 'Returns the statements that create schemas, or those of a snapshot, in another SQL dialect: sqlite, mysql, mariadb or mssql'],
        ['pgmeta_api', 'Answers a request to the registry as a REST interface: method, path, query and body in, one JSON envelope out'],
        ['pgmeta_api_openapi', 'Returns the OpenAPI document of pgmeta_api'],
        ['pgmeta_definition_comment', 'Adds a comment on a place of a definition, a JSON pointer; returns its number'],
        ['pgmeta_definition_comment_reply', 'Answers a comment on a definition; returns the number of the answer'],
        ['pgmeta_definition_comment_resolve', 'Marks a comment on a definition as resolved'],
        ['pgmeta_definition_copy', 'Creates a definition from the latest version of another; returns its ID'],
        ['pgmeta_definition_create', 'Stores a definition as version 1 under a name; returns its ID'],
        ['pgmeta_definition_delete', 'Marks a definition as deleted; pgmeta_definition_restore takes it back'],
        ['pgmeta_definition_deploy', 'Creates the objects of a definition in a schema or in a new database, or alters those that it deployed before, with the current transaction'],
        ['pgmeta_definition_diff', 'Returns the differences between two versions of a definition'],
        ['pgmeta_definition_export', 'Returns the latest version of a definition as a file: JSON, a snapshot, statements in any dialect, or a diagram'],
        ['pgmeta_definition_get', 'Returns a version of a stored definition, by default the latest'],
        ['pgmeta_definition_impact', 'Returns what the deployment of a version would change, lock, rewrite and risk'],
        ['pgmeta_definition_list', 'Lists the stored definitions that the role may read, page by page'],
        ['pgmeta_definition_losses', 'Returns what of a definition does not come along into another SQL dialect: sqlite, mysql, mariadb or mssql'],
        ['pgmeta_definition_migration', 'Returns the plan from one version of a definition to another, and its reverse, as files of a migration tool'],
        ['pgmeta_definition_purge', 'Removes a deleted definition and its versions for good'],
        ['pgmeta_definition_rename', 'Gives a stored definition another name'],
        ['pgmeta_definition_restore', 'Takes back the deletion of a definition'],
        ['pgmeta_definition_rollback', 'Alters a deployed schema back to an earlier version of its definition'],
        ['pgmeta_definition_share', 'Sets the rights of a role on a definition: read, write, deploy, admin, or none'],
        ['pgmeta_definition_status', 'Returns what is deployed of a definition: state, versions, fingerprints, changes by hand, tables with sizes, last error'],
        ['pgmeta_definition_undeploy', 'Drops what a definition has deployed'],
        ['pgmeta_definition_update', 'Stores a new version of a definition; returns its number'],
        ['pgmeta_template_apply', 'Returns the definition that a template and values of its parameters make'],
        ['pgmeta_template_create', 'Stores a template, a definition with parameters such as {{schema}} in its texts'],
        ['pgmeta_template_get', 'Returns the document of a template'],
        ['pgmeta_template_list', 'Lists the templates: those of pgmeta, and those that the role may read'],
        ['pgmeta_discover', 'Returns what schemas, or a snapshot, mean as a document: tables, views with traced nullability, functions, types, relationships, patterns'],
        ['pgmeta_discover_schema', 'Returns the JSON Schema of the documents of pgmeta_discover'],
        ['pgmeta_relationships', 'Returns how tables relate: foreign keys, junction tables and, on request, what names imply, with cardinality on both sides'],
        ['pgmeta_context', 'Returns an account of schemas in limited room, for a prompt: the tables with the most relationships first, and what is left out'],
        ['pgmeta_diagram', 'Returns a diagram of tables and their relationships: mermaid, plantuml, dot, dbml, svg or json'],
        ['pgmeta_document', 'Returns the files of a document of schemas: a site in HTML, pages in Markdown, or JSON'],
        ['pgmeta_document_to_directory', 'Writes the files of pgmeta_document to a directory of the server; requires pg_write_server_files'],
        ['pgmeta_comment_coverage', 'Counts the objects of schemas that have a comment, by schema and type'],
        ['pgmeta_capabilities', 'Returns what an SQL dialect can do, and since which version: postgresql, sqlite, mysql or mssql'],
        ['pgmeta_discovery_stats', 'Counts what discovery has made in this session, how long it took, and how often the catalogs were not read again'],
        ['pgmeta_archive', 'Archives one partition or table in the current transaction, verifies the stored rows and retires the partition; returns the archive ID'],
        ['pgmeta_archive_adopt', 'Finds manifests in a storage, verifies their archives and records them'],
        ['pgmeta_archive_cancel', 'Cancels an archive that is in progress, or stops further attempts of one that failed'],
        ['pgmeta_archive_candidates', 'Returns the partitions that are older than the retention of their policy, oldest first, with what blocks them'],
        ['pgmeta_archive_compare', 'Compares an archive with the rows that its table has now: number of rows and digest'],
        ['pgmeta_archive_delete', 'Deletes the files of an archive; the only copy of rows is deleted with the option force only'],
        ['pgmeta_archive_health', 'Checks all storages and policies, and the results of earlier attempts'],
        ['pgmeta_archive_retry', 'Archives the partition of a failed or cancelled archive again, in the current transaction; returns the ID of the new archive'],
        ['pgmeta_archive_retry_all', 'Resets the failed attempts of one policy or of all policies; returns the number of partitions that will be tried again'],
        ['pgmeta_archive_start', 'Starts background workers that archive the candidates of one policy or of all policies; returns their process IDs'],
        ['pgmeta_archive_validate', 'Checks the requirements of a policy: key, storage, privileges, foreign keys'],
        ['pgmeta_metrics', 'Returns metrics of archives in Prometheus'' exposition format'],
        ['pgmeta_archive_policy_alter', 'Changes options of a policy; null resets an option to its default'],
        ['pgmeta_archive_policy_create', 'Creates a policy: which partitions of a table are archived, when, where and how'],
        ['pgmeta_archive_policy_drop', 'Drops a policy; its archives are not deleted'],
        ['pgmeta_archive_policy_pause', 'Pauses a policy: pgmeta_archive_run, pgmeta_archive_start and the schedule skip it until it is resumed'],
        ['pgmeta_archive_policy_resume', 'Resumes a paused policy'],
        ['pgmeta_archive_restore', 'Restores an archive into a table and compares the rows; returns the table'],
        ['pgmeta_archive_run', 'Archives the candidates of one policy or of all policies, one partition after another'],
        ['pgmeta_archive_verify', 'Reads every file of an archive back and checks size, SHA-256, rows and digest'],
        ['pgmeta_lint', 'Returns what is wrong or risky in schemas, in the whole database or in a snapshot, and the SQL that mends it'],
        ['pgmeta_lint_plan', 'Returns what is risky in the statements that change one snapshot into another'],
        ['pgmeta_lint_rules', 'Lists the lint rules with their levels, options, reasons, examples and names in other linters'],
        ['pgmeta_lint_sarif', 'Returns the findings of pgmeta_lint as a SARIF 2.1.0 document'],
        ['pgmeta_lint_sql', 'Returns what is risky in the statements of a script, and on request what each of them locks and rewrites'],
        ['pgmeta_recommendations', 'Returns advice on indexes, types, partitions and keys that statistics support, the greatest benefit first'],
        ['pgmeta_help', 'Lists the functions whose name matches a psql pattern, or whose name or description contains a text; returns signature, description and example'],
        ['pgmeta_version', 'Returns the version of the extension']
    ];
    examples CONSTANT pg_catalog.text[][] := ARRAY[
        ['pgmeta_apply', 'SELECT * FROM pgmeta_apply(pgmeta_snapshot_load(''release_42''), ''{"allow_hazards": ["INDEX_BUILD"]}'')'],
        ['pgmeta_archive', 'SELECT pgmeta_archive(''app.visits_2024_01'', ''cold'', ''{"retire": "drop"}'')'],
        ['pgmeta_archive_adopt', 'SELECT * FROM pgmeta_archive_adopt(''cold'')'],
        ['pgmeta_archive_cancel', 'SELECT pgmeta_archive_cancel(7)'],
        ['pgmeta_archive_candidates', 'SELECT * FROM pgmeta_archive_candidates(''visits'')'],
        ['pgmeta_archive_compare', 'SELECT * FROM pgmeta_archive_compare(7)'],
        ['pgmeta_archive_delete', 'CALL pgmeta_archive_delete(7)'],
        ['pgmeta_archive_health', 'SELECT * FROM pgmeta_archive_health()'],
        ['pgmeta_archive_policy_alter', 'SELECT pgmeta_archive_policy_alter(''visits'', ''{"workers": 2}'')'],
        ['pgmeta_archive_policy_create', 'SELECT pgmeta_archive_policy_create(''visits'', ''app.visits'', ''cold'', ''6 months'', ''{"retire": "drop"}'')'],
        ['pgmeta_archive_policy_drop', 'SELECT pgmeta_archive_policy_drop(''visits'')'],
        ['pgmeta_archive_policy_pause', 'SELECT pgmeta_archive_policy_pause(''visits'')'],
        ['pgmeta_archive_policy_resume', 'SELECT pgmeta_archive_policy_resume(''visits'')'],
        ['pgmeta_archive_restore', 'SELECT pgmeta_archive_restore(7, ''{"into": "app.visits_back"}'')'],
        ['pgmeta_archive_retry', 'SELECT pgmeta_archive_retry(7)'],
        ['pgmeta_archive_retry_all', 'SELECT pgmeta_archive_retry_all(''visits'')'],
        ['pgmeta_archive_run', 'CALL pgmeta_archive_run(''visits'')'],
        ['pgmeta_archive_start', 'SELECT pgmeta_archive_start(''visits'')'],
        ['pgmeta_archive_validate', 'SELECT * FROM pgmeta_archive_validate(''visits'')'],
        ['pgmeta_archive_verify', 'SELECT * FROM pgmeta_archive_verify(7)'],
        ['pgmeta_capabilities', 'SELECT * FROM pgmeta_capabilities(''sqlite'', ''3.40'')'],
        ['pgmeta_comment_coverage', 'SELECT * FROM pgmeta_comment_coverage(''app'') WHERE percent < 100'],
        ['pgmeta_context', 'SELECT pgmeta_context(''app'', 4000)'],
        ['pgmeta_diagram', 'SELECT pgmeta_diagram(''app'', ''mermaid'', ''{"show": "keys"}'')'],
        ['pgmeta_coverage', 'SELECT * FROM pgmeta_coverage() WHERE status <> ''exported'''],
        ['pgmeta_ddl', 'SELECT pgmeta_ddl(''app.orders'')'],
        ['pgmeta_diff', 'SELECT change, identity, detail FROM pgmeta_diff(''app'', ''app_next'')'],
        ['pgmeta_discover', 'SELECT pgmeta_discover(''app'', ''{"sections": ["tables", "relationships"]}'')'],
        ['pgmeta_discover_schema', 'SELECT pgmeta_discover_schema()'],
        ['pgmeta_discovery_stats', 'SELECT * FROM pgmeta_discovery_stats()'],
        ['pgmeta_document', 'SELECT path, length(content) FROM pgmeta_document(''app'')'],
        ['pgmeta_document_to_directory', 'SELECT * FROM pgmeta_document_to_directory(''/srv/site'', ''app'')'],
        ['pgmeta_drift', 'SELECT change, identity FROM pgmeta_drift(''release_42'')'],
        ['pgmeta_export', 'SELECT pgmeta_export(''app'')'],
        ['pgmeta_export_files', 'SELECT path, content FROM pgmeta_export_files(''app'')'],
        ['pgmeta_export_tar', 'SELECT pgmeta_export_tar(''app'')'],
        ['pgmeta_export_to_directory', 'SELECT * FROM pgmeta_export_to_directory(''/srv/schema'', ''app'')'],
        ['pgmeta_definition_complexity', 'SELECT pgmeta_definition_complexity(pgmeta_definition_from(''app''))'],
        ['pgmeta_definition_from', 'SELECT jsonb_pretty(pgmeta_definition_from(''app''))'],
        ['pgmeta_definition_import', 'SELECT d->''definition'', d->''report'' FROM pgmeta_definition_import(''sql'', ''CREATE TABLE orders (id bigint PRIMARY KEY)'') d'],
        ['pgmeta_import_sqlite', 'SELECT d->''definition'', d->''report'' FROM pgmeta_import_sqlite(''/srv/app.db'') d'],
        ['pgmeta_definition_schema', 'SELECT jsonb_pretty(pgmeta_definition_schema())'],
        ['pgmeta_definition_sql', 'SELECT pgmeta_definition_sql(pgmeta_definition_from(''app''), options => ''{"schema": "app_copy"}'')'],
        ['pgmeta_definition_validate', 'SELECT path, code, message FROM pgmeta_definition_validate(''{"tables": [{"name": "orders", "columns": [{"name": "id", "type": "nosuch"}]}]}'')'],
        ['pgmeta_dialect_losses', 'SELECT path, feature, action, detail FROM pgmeta_dialect_losses(''app'', ''sqlite'')'],
        ['pgmeta_dialect_sql', 'SELECT pgmeta_dialect_sql(''app'', ''sqlite'')'],
        ['pgmeta_api', 'SELECT pgmeta_api(''GET'', ''/api/v1/schemas'', ''{"search": "shop"}'')'],
        ['pgmeta_api_openapi', 'SELECT jsonb_pretty(pgmeta_api_openapi())'],
        ['pgmeta_definition_comment', 'SELECT pgmeta_definition_comment(''shop'', ''/tables/0'', ''Why no primary key?'')'],
        ['pgmeta_definition_comment_reply', 'SELECT pgmeta_definition_comment_reply(1, ''It has one now.'')'],
        ['pgmeta_definition_comment_resolve', 'SELECT pgmeta_definition_comment_resolve(1)'],
        ['pgmeta_definition_copy', 'SELECT pgmeta_definition_copy(''shop'', ''shop_test'')'],
        ['pgmeta_definition_create', 'SELECT pgmeta_definition_create(''shop'', pgmeta_template_apply(''shop''))'],
        ['pgmeta_definition_delete', 'SELECT pgmeta_definition_delete(''shop'')'],
        ['pgmeta_definition_deploy', 'SELECT * FROM pgmeta_definition_deploy(''shop'')'],
        ['pgmeta_definition_diff', 'SELECT change, identity, detail FROM pgmeta_definition_diff(''shop'', 1, 2)'],
        ['pgmeta_definition_export', 'SELECT content FROM pgmeta_definition_export(''shop'', ''sqlite'')'],
        ['pgmeta_definition_get', 'SELECT jsonb_pretty(pgmeta_definition_get(''shop''))'],
        ['pgmeta_definition_impact', 'SELECT * FROM pgmeta_definition_impact(''shop'', 2)'],
        ['pgmeta_definition_list', 'SELECT name, status, version, deployed_version FROM pgmeta_definition_list(''orders'')'],
        ['pgmeta_definition_losses', 'SELECT * FROM pgmeta_definition_losses(pgmeta_definition_get(''shop''), ''sqlite'')'],
        ['pgmeta_definition_migration', 'SELECT path, content FROM pgmeta_definition_migration(''shop'', 1, 2, ''goose'')'],
        ['pgmeta_definition_purge', 'SELECT pgmeta_definition_purge(''shop'')'],
        ['pgmeta_definition_rename', 'SELECT pgmeta_definition_rename(''shop'', ''store'')'],
        ['pgmeta_definition_restore', 'SELECT pgmeta_definition_restore(''shop'')'],
        ['pgmeta_definition_rollback', 'SELECT * FROM pgmeta_definition_rollback(''shop'', 1, ''{"allow_hazards": ["DELETES_DATA"]}'')'],
        ['pgmeta_definition_share', 'SELECT pgmeta_definition_share(''shop'', ''shop_app'', ''{read,deploy}'')'],
        ['pgmeta_definition_status', 'SELECT jsonb_pretty(pgmeta_definition_status(''shop''))'],
        ['pgmeta_definition_undeploy', 'SELECT * FROM pgmeta_definition_undeploy(''shop'', ''{"allow_hazards": ["DELETES_DATA"]}'')'],
        ['pgmeta_definition_update', 'SELECT pgmeta_definition_update(''shop'', pgmeta_definition_from(''shop''), ''as deployed'', expected_version => 1)'],
        ['pgmeta_template_apply', 'SELECT pgmeta_template_apply(''blog'', ''{"schema": "news"}'')'],
        ['pgmeta_template_create', 'SELECT pgmeta_template_create(''log'', ''{"schema": "{{schema}}"}'')'],
        ['pgmeta_template_get', 'SELECT jsonb_pretty(pgmeta_template_get(''blog''))'],
        ['pgmeta_template_list', 'SELECT * FROM pgmeta_template_list()'],
        ['pgmeta_fingerprint', 'SELECT pgmeta_fingerprint(''app'')'],
        ['pgmeta_help', 'SELECT name, example FROM pgmeta_help(''snapshot'')'],
        ['pgmeta_lint', 'SELECT level, rule, identity, detail, fix_sql FROM pgmeta_lint(''app'', ''{"min_level": "warning"}'')'],
        ['pgmeta_lint_plan', 'SELECT level, rule, identity, detail FROM pgmeta_lint_plan(''release_41'', ''release_42'')'],
        ['pgmeta_lint_rules', 'SELECT rule, level, title FROM pgmeta_lint_rules() WHERE enabled'],
        ['pgmeta_lint_sarif', 'SELECT pgmeta_lint_sarif(''app'')'],
        ['pgmeta_lint_sql', 'SELECT statement, level, rule, detail FROM pgmeta_lint_sql(''ALTER TABLE app.orders ADD COLUMN token uuid DEFAULT gen_random_uuid()'')'],
        ['pgmeta_recommendations', 'SELECT rule, identity, metadata->''benefit'' AS benefit, fix_sql FROM pgmeta_recommendations(''app'')'],
        ['pgmeta_live', 'SELECT pgmeta_live(pgmeta_snapshot_load(''release_42''))'],
        ['pgmeta_metrics', 'SELECT pgmeta_metrics()'],
        ['pgmeta_migration', 'SELECT path, content FROM pgmeta_migration(pgmeta_snapshot_load(''release_41''), pgmeta_snapshot_load(''release_42''), ''goose'', ''release 42'')'],
        ['pgmeta_object_ddl', 'SELECT pgmeta_object_ddl(''policy'', ''{app,orders,keep_paid}'')'],
        ['pgmeta_objects', 'SELECT type, identity, ddl FROM pgmeta_objects(''app'', ''{table,view}'')'],
        ['pgmeta_plan', 'SELECT step, statement, hazards FROM pgmeta_plan(pgmeta_snapshot_load(''release_41''), pgmeta_snapshot_load(''release_42''))'],
        ['pgmeta_plan_live', 'SELECT step, statement, hazards FROM pgmeta_plan_live(pgmeta_snapshot_load(''release_42''))'],
        ['pgmeta_rehearse', 'SELECT step, statement, duration_ms, error FROM pgmeta_rehearse(pgmeta_snapshot_load(''release_42''))'],
        ['pgmeta_relationships', 'SELECT * FROM pgmeta_relationships(''app'', ''{"virtual": true}'')'],
        ['pgmeta_snapshot', 'SELECT pgmeta_snapshot(''app'')'],
        ['pgmeta_snapshot_ddl', 'SELECT pgmeta_snapshot_ddl(pgmeta_snapshot_load(''release_42''))'],
        ['pgmeta_snapshot_delete', 'SELECT pgmeta_snapshot_delete(''release_42'', 1)'],
        ['pgmeta_snapshot_from_sql', 'SELECT pgmeta_snapshot_from_sql(''CREATE SCHEMA app; CREATE TABLE app.orders (id bigint PRIMARY KEY)'')'],
        ['pgmeta_snapshot_load', 'SELECT pgmeta_snapshot_load(''release_42'')'],
        ['pgmeta_snapshot_save', 'SELECT pgmeta_snapshot_save(''release_42'')'],
        ['pgmeta_snapshot_schema', 'SELECT pgmeta_snapshot_schema()'],
        ['pgmeta_version', 'SELECT pgmeta_version()']
    ];
    routine pg_catalog.regprocedure;
    example pg_catalog.text;
    i pg_catalog.int4;
BEGIN
    FOR i IN 1 .. pg_catalog.array_length(described, 1) LOOP
        SELECT e.text INTO example
        FROM (SELECT examples[j][1], examples[j][2] FROM pg_catalog.generate_subscripts(examples, 1) j) e (name, text)
        WHERE e.name OPERATOR(pg_catalog.=) described[i][1];
        FOR routine IN
            SELECT p.oid FROM pg_catalog.pg_proc p
            WHERE p.proname OPERATOR(pg_catalog.=) described[i][1]
                AND EXISTS (SELECT FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON e.oid OPERATOR(pg_catalog.=) d.refobjid
                    WHERE d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid OPERATOR(pg_catalog.=) p.oid
                        AND d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_extension'::pg_catalog.regclass
                        AND d.deptype OPERATOR(pg_catalog.=) 'e' AND e.extname OPERATOR(pg_catalog.=) 'pgmeta')
        LOOP
            EXECUTE pg_catalog.format('COMMENT ON ROUTINE %s IS %L', routine,
                pg_catalog.concat_ws(E'\nExample: ', described[i][2], example));
        END LOOP;
    END LOOP;
END
$$;

-- By default PUBLIC could call the functions.
DO $$
DECLARE
    routine pg_catalog.regprocedure;
    admin pg_catalog.bool;
BEGIN
    FOR routine, admin IN
        SELECT p.oid, p.proname OPERATOR(pg_catalog.~~) 'pgmeta\_archive\_policy\_%'
            -- A role that adopts an archive may read it afterwards.
            OR p.proname OPERATOR(pg_catalog.=) 'pgmeta_archive_adopt'
        FROM pg_catalog.pg_proc p
        WHERE EXISTS (SELECT FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON e.oid OPERATOR(pg_catalog.=) d.refobjid
                    WHERE d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid OPERATOR(pg_catalog.=) p.oid
                        AND d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_extension'::pg_catalog.regclass
                        AND d.deptype OPERATOR(pg_catalog.=) 'e' AND e.extname OPERATOR(pg_catalog.=) 'pgmeta')
            AND (p.proname OPERATOR(pg_catalog.~~) 'pgmeta\_archive%' OR p.proname OPERATOR(pg_catalog.~~) '\_pgmeta\_archive%'
                OR p.proname OPERATOR(pg_catalog.=) 'pgmeta_metrics')
    LOOP
        EXECUTE pg_catalog.format('REVOKE ALL ON ROUTINE %s FROM PUBLIC', routine);
        EXECUTE pg_catalog.format('GRANT EXECUTE ON ROUTINE %s TO pgmeta_archive_admin', routine);
        IF NOT admin THEN
            EXECUTE pg_catalog.format('GRANT EXECUTE ON ROUTINE %s TO pgmeta_archive_operator', routine);
        END IF;
    END LOOP;
    REVOKE ALL ON FUNCTION @extschema@._pgmeta_storage_validator(pg_catalog.text[], pg_catalog.oid) FROM PUBLIC;
    REVOKE ALL ON FUNCTION @extschema@._pgmeta_guard() FROM PUBLIC;
END
$$;

-- pg_dump reads the extension's configuration tables and sequences. Without these grants it fails for a database owner who is not a
-- superuser.
DO $$
DECLARE
    relation pg_catalog.regclass;
BEGIN
    GRANT USAGE ON SCHEMA pgmeta, pgmeta_registry TO pg_database_owner;
    FOR relation IN
        SELECT c FROM pg_catalog.pg_extension e, pg_catalog.unnest(e.extconfig) AS c WHERE e.extname OPERATOR(pg_catalog.=) 'pgmeta'
    LOOP
        EXECUTE pg_catalog.format('GRANT SELECT ON TABLE %s TO pg_database_owner', relation);
    END LOOP;
END
$$;
