-- What comes after all functions: COMMENT ON every public one (pgrx makes none from doc comments), their privileges, and those of what
-- pg_dump reads.
-- A comment is a sentence and, on a line of its own, an example: pgmeta_help shows both, and has them from here.
-- Names are looked up here only: the schema that CREATE EXTENSION chooses may have functions and operators of others.
SET LOCAL search_path = pg_catalog, pg_temp;

DO $$
DECLARE
    described CONSTANT pg_catalog.text[][] := ARRAY[
        ['pgmeta_ddl', 'DDL of one object, with what belongs to it; options {"dependents": false} for the object alone'],
        ['pgmeta_object_ddl', 'DDL of one object, addressed as pg_get_object_address does: type, names, arguments'],
        ['pgmeta_objects', 'One row for each object with its DDL, in restorable order'],
        ['pgmeta_export', 'DDL of schemas or of the whole database as one script, or as the JSON model with format ''json'''],
        ['pgmeta_export_files', 'The export as files: path, content and SHA-256, with an install.sql that includes them in order'],
        ['pgmeta_export_tar', 'The files of pgmeta_export_files as a tar archive'],
        ['pgmeta_export_to_directory', 'Writes the files of pgmeta_export_files on the server; needs pg_write_server_files'],
        ['pgmeta_snapshot', 'The JSON model of schemas or of the whole database'],
        ['pgmeta_snapshot_ddl', 'DDL of a JSON model; reads no catalog'],
        ['pgmeta_snapshot_schema', 'JSON Schema of the JSON model'],
        ['pgmeta_snapshot_save', 'Saves a snapshot, or one of the whole database, in table pgmeta.saved_snapshots; returns its version'],
        ['pgmeta_snapshot_load', 'A saved snapshot, the latest or another version'],
        ['pgmeta_snapshot_delete', 'Deletes a version of a saved snapshot, or all; returns how many'],
        ['pgmeta_snapshot_from_sql', 'The JSON model of what a text of SQL makes, by loading it into a scratch database; needs CREATEDB'],
        ['pgmeta_coverage', 'Every row of the system catalogs, counted by what an export does with it and why'],
        ['pgmeta_fingerprint', 'SHA-256 of the canonical DDL of schemas or of the whole database'],
        ['pgmeta_diff', 'What differs between two snapshots, or between two schemas of this database as if of one name'],
        ['pgmeta_plan', 'Statements that lead from one snapshot to another, in order, with locks and hazards'],
        ['pgmeta_migration', 'The plan and its reverse as the files of a migration tool'],
        ['pgmeta_live', 'The live schema as pgmeta_rehearse and pgmeta_apply compare it with a target: restricted alike, with sizes'],
        ['pgmeta_plan_live', 'Statements that lead from the live schema to a target, in order, with locks and hazards'],
        ['pgmeta_rehearse', 'Runs the plan from the live schema to a target, measures its statements, compares, and undoes everything'],
        ['pgmeta_apply', 'Runs the plan from the live schema to a target in this transaction: everything or nothing'],
        ['pgmeta_drift', 'What differs between a saved snapshot and the live database'],
        ['pgmeta_archive', 'Archives one partition or table now: stored, read back and proved, recorded, then retired as options say; returns its number'],
        ['pgmeta_archive_adopt', 'Records the archives whose manifests are found in a storage, once they are checked and proved'],
        ['pgmeta_archive_cancel', 'Cancels what a worker or a run does with an archive, or keeps one that has failed from being tried again'],
        ['pgmeta_archive_candidates', 'The partitions of a policy that are beyond its retention, oldest first, with what stands in the way'],
        ['pgmeta_archive_compare', 'What an archive holds beside what its table holds now: rows and their digest'],
        ['pgmeta_archive_delete', 'Deletes the files of an archive; what holds the only copy of rows, with the option force only'],
        ['pgmeta_archive_health', 'Checks all storages and policies, and what has become of earlier runs'],
        ['pgmeta_archive_retry', 'Tries an archive that has failed or was cancelled again, now and here; returns the number of the new one'],
        ['pgmeta_archive_retry_all', 'Has all that failed of a policy, or of all, tried again as if it had not; returns how many partitions that are'],
        ['pgmeta_archive_start', 'Starts background workers that archive what is due of a policy, or of all; returns their process IDs'],
        ['pgmeta_archive_validate', 'Checks all that a policy needs: key, storage, privileges, foreign keys'],
        ['pgmeta_metrics', 'Numbers for monitoring, in Prometheus'' exposition format'],
        ['pgmeta_archive_policy_alter', 'Changes options of a policy; null brings a default back'],
        ['pgmeta_archive_policy_create', 'Makes a policy: which partitions of a table are archived when, where, and how'],
        ['pgmeta_archive_policy_drop', 'Drops a policy; its archives stay'],
        ['pgmeta_archive_policy_pause', 'Keeps pgmeta_archive_run, pgmeta_archive_start and the schedule from a policy until it is resumed'],
        ['pgmeta_archive_policy_resume', 'Takes a policy out of its pause'],
        ['pgmeta_archive_restore', 'Brings an archive back into a table, proved before and after; returns the table'],
        ['pgmeta_archive_run', 'Archives all that is due of a policy, or of all, one partition after another'],
        ['pgmeta_archive_verify', 'Reads every file of an archive back and checks bytes, SHA-256, rows and digest'],
        ['pgmeta_help', 'What functions there are: signature, one line and an example for each that a pattern of psql or a plain text matches'],
        ['pgmeta_version', 'Version of the library that runs, and whether it is optimized']
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
        ['pgmeta_coverage', 'SELECT * FROM pgmeta_coverage() WHERE status <> ''exported'''],
        ['pgmeta_ddl', 'SELECT pgmeta_ddl(''app.orders'')'],
        ['pgmeta_diff', 'SELECT change, identity, detail FROM pgmeta_diff(''app'', ''app_next'')'],
        ['pgmeta_drift', 'SELECT change, identity FROM pgmeta_drift(''release_42'')'],
        ['pgmeta_export', 'SELECT pgmeta_export(''app'')'],
        ['pgmeta_export_files', 'SELECT path, content FROM pgmeta_export_files(''app'')'],
        ['pgmeta_export_tar', 'SELECT pgmeta_export_tar(''app'')'],
        ['pgmeta_export_to_directory', 'SELECT * FROM pgmeta_export_to_directory(''/srv/schema'', ''app'')'],
        ['pgmeta_fingerprint', 'SELECT pgmeta_fingerprint(''app'')'],
        ['pgmeta_help', 'SELECT name, example FROM pgmeta_help(''snapshot'')'],
        ['pgmeta_live', 'SELECT pgmeta_live(pgmeta_snapshot_load(''release_42''))'],
        ['pgmeta_metrics', 'SELECT pgmeta_metrics()'],
        ['pgmeta_migration', 'SELECT path, content FROM pgmeta_migration(pgmeta_snapshot_load(''release_41''), pgmeta_snapshot_load(''release_42''), ''goose'', ''release 42'')'],
        ['pgmeta_object_ddl', 'SELECT pgmeta_object_ddl(''policy'', ''{app,orders,keep_paid}'')'],
        ['pgmeta_objects', 'SELECT type, identity, ddl FROM pgmeta_objects(''app'', ''{table,view}'')'],
        ['pgmeta_plan', 'SELECT step, statement, hazards FROM pgmeta_plan(pgmeta_snapshot_load(''release_41''), pgmeta_snapshot_load(''release_42''))'],
        ['pgmeta_plan_live', 'SELECT step, statement, hazards FROM pgmeta_plan_live(pgmeta_snapshot_load(''release_42''))'],
        ['pgmeta_rehearse', 'SELECT step, statement, duration_ms, error FROM pgmeta_rehearse(pgmeta_snapshot_load(''release_42''))'],
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

-- What PUBLIC would have: the right to call.
DO $$
DECLARE
    routine pg_catalog.regprocedure;
    admin pg_catalog.bool;
BEGIN
    FOR routine, admin IN
        SELECT p.oid, p.proname OPERATOR(pg_catalog.~~) 'pgmeta\_archive\_policy\_%'
            -- Who adopts an archive may read it from then on.
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

-- pg_dump reads the tables and sequences that are marked for it: without these it would fail for a database's owner who is no superuser.
DO $$
DECLARE
    relation pg_catalog.regclass;
BEGIN
    GRANT USAGE ON SCHEMA pgmeta TO pg_database_owner;
    FOR relation IN
        SELECT c FROM pg_catalog.pg_extension e, pg_catalog.unnest(e.extconfig) AS c WHERE e.extname OPERATOR(pg_catalog.=) 'pgmeta'
    LOOP
        EXECUTE pg_catalog.format('GRANT SELECT ON TABLE %s TO pg_database_owner', relation);
    END LOOP;
END
$$;
