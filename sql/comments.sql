-- COMMENT ON every public function; pgrx makes none from doc comments.
DO $$
DECLARE
    described CONSTANT text[][] := ARRAY[
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
        ['pgmeta_rehearse', 'Runs the plan from the live schema to a target, measures its statements, compares, and undoes everything'],
        ['pgmeta_apply', 'Runs the plan from the live schema to a target in this transaction: everything or nothing'],
        ['pgmeta_drift', 'What differs between a saved snapshot and the live database'],
        ['pgmeta_version', 'Version of the extension']
    ];
    routine regprocedure;
    i int;
BEGIN
    FOR i IN 1 .. array_length(described, 1) LOOP
        FOR routine IN
            SELECT p.oid FROM pg_catalog.pg_proc p
            WHERE p.proname = described[i][1] AND p.pronamespace = '@extschema@'::regnamespace
        LOOP
            EXECUTE format('COMMENT ON FUNCTION %s IS %L', routine, described[i][2]);
        END LOOP;
    END LOOP;
END
$$;

