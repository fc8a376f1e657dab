\echo Use "CREATE EXTENSION pgmeta" to load this file. \quit

-- Tables and views of schema pgmeta. PUBLIC has no right on any of them; docs/privileges.md says what to grant.
-- They have no COMMENT: exports print those of members, which could be the user's.

-- A schema of this name that somebody else has made is not taken: its owner could put things there.
-- Where the extension itself is installed in a schema of this name, that is the one.
DO $$
BEGIN
    IF '@extschema@'::regnamespace::text <> 'pgmeta' THEN
        CREATE SCHEMA pgmeta;
    END IF;
END
$$;

-- Outlives the snapshots, so that a version's number is never given twice; its rows are what concurrent saves wait on.
CREATE TABLE pgmeta.snapshot_names (
    name text PRIMARY KEY CHECK (name <> ''),
    last_version bigint NOT NULL CHECK (last_version > 0)
);

-- What pgmeta_snapshot_save has saved.
CREATE TABLE pgmeta.saved_snapshots (
    name text NOT NULL REFERENCES pgmeta.snapshot_names,
    version bigint NOT NULL CHECK (version > 0),
    comment text,
    fingerprint text NOT NULL,
    server_version_num integer NOT NULL,
    created_at timestamp with time zone NOT NULL DEFAULT pg_catalog.statement_timestamp(),
    created_by name NOT NULL DEFAULT CURRENT_USER,
    snapshot jsonb NOT NULL,
    PRIMARY KEY (name, version)
);

-- The saved snapshots without their documents; `bytes` is what these take in the table, compressed.
CREATE VIEW pgmeta.snapshots AS
    SELECT name, version, comment, fingerprint, server_version_num, created_at, created_by,
        pg_catalog.pg_column_size(snapshot)::bigint AS bytes
    FROM pgmeta.saved_snapshots;

-- Otherwise pg_dump would leave the rows to CREATE EXTENSION.
SELECT pg_catalog.pg_extension_config_dump('pgmeta.snapshot_names', '');
SELECT pg_catalog.pg_extension_config_dump('pgmeta.saved_snapshots', '');

CREATE FUNCTION _pgmeta_archive_begin(partition regclass, policy text) RETURNS bigint VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', '_pgmeta_archive_begin_wrapper';

CREATE FUNCTION "_pgmeta_archive_clear"(
	"policy" TEXT
) RETURNS VOID
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', '_pgmeta_archive_clear_wrapper';

CREATE FUNCTION "_pgmeta_archive_ended"(
	"id" bigint,
	"message" TEXT,
	"code" TEXT
) RETURNS VOID
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', '_pgmeta_archive_ended_wrapper';

CREATE FUNCTION _pgmeta_archive_failed(partition regclass, policy text, message text, code text) RETURNS bigint VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', '_pgmeta_archive_failed_wrapper';

CREATE FUNCTION _pgmeta_archive_lock(partition regclass) RETURNS boolean VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', '_pgmeta_archive_lock_wrapper';

CREATE FUNCTION "_pgmeta_archive_make"(
	"id" bigint
) RETURNS bool
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', '_pgmeta_archive_make_wrapper';

CREATE FUNCTION "_pgmeta_archive_served"(
	"policy" TEXT
) RETURNS SETOF TEXT
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', '_pgmeta_archive_served_wrapper';

CREATE FUNCTION "_pgmeta_storage_validator"(
	"options" TEXT[],
	"catalog" oid
) RETURNS VOID
IMMUTABLE PARALLEL SAFE
LANGUAGE c
AS 'MODULE_PATHNAME', '_pgmeta_storage_validator_wrapper';

-- requires:
--   tables
--   _pgmeta_storage_validator

-- What archives are kept with: the storages' wrapper, roles, tables and views of schema pgmeta. PUBLIC has no right on any.

CREATE FOREIGN DATA WRAPPER pgmeta_storage VALIDATOR _pgmeta_storage_validator;

-- Roles are the cluster's: another database may have made them, at the same moment even.
DO $$
DECLARE
    wanted name;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['pgmeta_archive_admin', 'pgmeta_archive_operator', 'pgmeta_storage_environment'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = wanted) THEN
                EXECUTE pg_catalog.format('CREATE ROLE %I NOLOGIN', wanted);
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
    END LOOP;
END
$$;

CREATE TABLE pgmeta.archive_policies (
    name text PRIMARY KEY CHECK (name <> ''),
    parent regclass NOT NULL,
    storage name NOT NULL,
    -- By time, or by the number of keys behind the greatest.
    retention interval,
    retention_keys bigint,
    options jsonb NOT NULL DEFAULT '{}',
    paused boolean NOT NULL DEFAULT false,
    owner name NOT NULL DEFAULT CURRENT_USER,
    created_at timestamp with time zone NOT NULL DEFAULT pg_catalog.statement_timestamp(),
    -- When the schedule has last started its workers.
    scheduled_at timestamp with time zone,
    CHECK ((retention IS NULL) <> (retention_keys IS NULL))
);

CREATE TABLE pgmeta.archive_records (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    policy text,
    partition_oid oid NOT NULL,
    -- The cluster and database whose OID that is: after pg_dump and its like it says nothing.
    origin text NOT NULL,
    partition text NOT NULL,
    parent text,
    bound text,
    state text NOT NULL CHECK (state IN ('scanning', 'uploading', 'verifying', 'stored', 'retiring', 'retired',
        'restored', 'failed', 'cancelled')),
    retire text,
    storage name,
    -- What the keys of all files of the attempt begin with; NULL once they are gone.
    stem text,
    location text,
    manifest_sha256 text,
    rows bigint,
    bytes bigint,
    row_digest text,
    error text,
    sqlstate text,
    class text,
    attempt integer,
    next_try_at timestamp with time zone,
    -- Restored into its place, and to stay there: the policy leaves it alone.
    held boolean NOT NULL DEFAULT false,
    -- Off its parent by this archive's doing, which was not all that was to become of it.
    detached boolean NOT NULL DEFAULT false,
    -- Of the process that is, or was, at it.
    pid integer,
    started_at timestamp with time zone NOT NULL,
    stored_at timestamp with time zone,
    retired_at timestamp with time zone,
    archived_by name NOT NULL DEFAULT CURRENT_USER,
    -- Constraints where indexes would do: exports print those that are on members, which could be the user's.
    UNIQUE (partition_oid, id)
);

CREATE TABLE pgmeta.archive_stored_files (
    archive bigint NOT NULL REFERENCES pgmeta.archive_records ON DELETE CASCADE,
    ordinal integer NOT NULL,
    path text NOT NULL,
    rows bigint NOT NULL,
    bytes bigint NOT NULL,
    sha256 text NOT NULL,
    PRIMARY KEY (archive, ordinal)
);

CREATE TABLE pgmeta.archive_state_changes (
    archive bigint NOT NULL REFERENCES pgmeta.archive_records ON DELETE CASCADE,
    at timestamp with time zone NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    state text NOT NULL,
    detail text,
    id bigint GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (archive, id)
);

CREATE VIEW pgmeta.archives AS
    SELECT id, policy, partition, parent, bound, state, retire, storage, location, rows, bytes, row_digest, error, sqlstate,
        class, attempt, next_try_at, started_at, stored_at, retired_at, archived_by
    FROM pgmeta.archive_records;

CREATE VIEW pgmeta.archive_files AS
    SELECT archive, ordinal, path, rows, bytes, sha256 FROM pgmeta.archive_stored_files;

CREATE VIEW pgmeta.archive_events AS
    SELECT archive, at, state, detail FROM pgmeta.archive_state_changes;

-- What is being done now, by any session: its numbers are where COPY keeps its own.
CREATE FUNCTION _pgmeta_archive_progress()
    RETURNS TABLE(archive bigint, policy text, partition text, pid integer, phase text, rows bigint, rows_estimate bigint,
        bytes bigint, started_at timestamp with time zone)
    STABLE PARALLEL UNSAFE LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $progress$
    SELECT NULLIF(p.param12, 0), r.policy, COALESCE(r.partition, p.relid::regclass::text), p.pid,
        (ARRAY['scanning', 'uploading', 'verifying', 'retiring'])[p.param11], p.param3, p.param13, p.param1,
        COALESCE(r.started_at, a.xact_start)
    FROM pg_catalog.pg_stat_get_progress_info('COPY') p
    LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid OPERATOR(pg_catalog.=) p.pid
    LEFT JOIN pgmeta.archive_records r ON r.id OPERATOR(pg_catalog.=) p.param12
    WHERE p.param11 OPERATOR(pg_catalog.>) 0
        AND p.datid OPERATOR(pg_catalog.=) (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database())
$progress$;

CREATE VIEW pgmeta.archive_progress AS
    SELECT archive, policy, partition, pid, phase, rows, rows_estimate, bytes,
        pg_catalog.round((rows / NULLIF(extract(epoch FROM pg_catalog.clock_timestamp() - started_at), 0))::numeric)::bigint AS rate,
        CASE WHEN rows > 0 AND rows_estimate > rows
            THEN (pg_catalog.clock_timestamp() - started_at) * ((rows_estimate - rows)::float8 / rows) END AS eta,
        started_at
    FROM @extschema@._pgmeta_archive_progress();

-- The tables are written by functions only.
GRANT USAGE ON SCHEMA pgmeta TO pgmeta_archive_admin, pgmeta_archive_operator;
GRANT SELECT ON pgmeta.archive_policies, pgmeta.archive_records, pgmeta.archive_stored_files, pgmeta.archive_state_changes,
    pgmeta.archives, pgmeta.archive_files, pgmeta.archive_events, pgmeta.archive_progress
    TO pgmeta_archive_admin, pgmeta_archive_operator;

-- All that is due, one partition after another. That an attempt begins is committed before it writes anything, so that
-- whoever comes after a session that died finds its files. A partition that fails is noted, and the others go on.
CREATE PROCEDURE pgmeta_archive_run(policy text DEFAULT NULL) LANGUAGE plpgsql AS $run$
DECLARE
    served text;
    due regclass[];
    one regclass;
    name text;
    attempt bigint;
    failure text;
    code text;
BEGIN
    FOR served IN SELECT @extschema@._pgmeta_archive_served(pgmeta_archive_run.policy) LOOP
        due := '{}';
        BEGIN
            PERFORM @extschema@._pgmeta_archive_clear(served);
            due := ARRAY(SELECT c.partition FROM @extschema@.pgmeta_archive_candidates(served) c
                WHERE c.state OPERATOR(pg_catalog.=) 'pending');
        EXCEPTION WHEN OTHERS THEN
            IF pgmeta_archive_run.policy IS NOT NULL THEN
                RAISE;
            END IF;
            RAISE WARNING 'could not find what is due of policy "%": %', served, SQLERRM;
        END;
        COMMIT;
        FOREACH one IN ARRAY due LOOP
            name := one::text;
            attempt := NULL;
            BEGIN
                attempt := @extschema@._pgmeta_archive_begin(one, served);
            EXCEPTION WHEN OTHERS THEN
                PERFORM @extschema@._pgmeta_archive_failed(one, served, SQLERRM, SQLSTATE);
                RAISE WARNING 'could not archive %: %', name, SQLERRM;
            END;
            COMMIT;
            CONTINUE WHEN attempt IS NULL OR NOT @extschema@._pgmeta_archive_lock(one);
            failure := NULL;
            code := NULL;
            BEGIN
                PERFORM @extschema@._pgmeta_archive_make(attempt);
            EXCEPTION WHEN query_canceled OR OTHERS THEN
                failure := SQLERRM;
                code := SQLSTATE;
                PERFORM @extschema@._pgmeta_archive_ended(attempt, failure, code);
            END;
            COMMIT;
            IF code OPERATOR(pg_catalog.=) '57014' THEN
                RAISE query_canceled USING MESSAGE = failure;
            ELSIF failure IS NOT NULL THEN
                RAISE WARNING 'could not archive %: %', name, failure;
            END IF;
        END LOOP;
    END LOOP;
END
$run$;

SELECT pg_catalog.pg_extension_config_dump('pgmeta.archive_policies', '');
SELECT pg_catalog.pg_extension_config_dump('pgmeta.archive_records', '');
SELECT pg_catalog.pg_extension_config_dump('pgmeta.archive_records_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('pgmeta.archive_stored_files', '');
SELECT pg_catalog.pg_extension_config_dump('pgmeta.archive_state_changes', '');
SELECT pg_catalog.pg_extension_config_dump('pgmeta.archive_state_changes_id_seq', '');

CREATE FUNCTION pgmeta_ddl(object regclass, options jsonb DEFAULT '{}') RETURNS text STABLE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'ddl_of_class_wrapper';

CREATE FUNCTION pgmeta_ddl(object regcollation, options jsonb DEFAULT '{}') RETURNS text STABLE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'ddl_of_collation_wrapper';

CREATE FUNCTION pgmeta_ddl(object regconfig, options jsonb DEFAULT '{}') RETURNS text STABLE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'ddl_of_configuration_wrapper';

CREATE FUNCTION pgmeta_ddl(object regdictionary, options jsonb DEFAULT '{}') RETURNS text STABLE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'ddl_of_dictionary_wrapper';

CREATE FUNCTION pgmeta_ddl(object regoperator, options jsonb DEFAULT '{}') RETURNS text STABLE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'ddl_of_operator_wrapper';

CREATE FUNCTION pgmeta_ddl(object regprocedure, options jsonb DEFAULT '{}') RETURNS text STABLE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'ddl_of_procedure_wrapper';

CREATE FUNCTION pgmeta_ddl(object regrole, options jsonb DEFAULT '{}') RETURNS text STABLE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'ddl_of_role_wrapper';

CREATE FUNCTION pgmeta_ddl(object regnamespace, options jsonb DEFAULT '{}') RETURNS text STABLE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'ddl_of_schema_wrapper';

CREATE FUNCTION pgmeta_ddl(object regtype, options jsonb DEFAULT '{}') RETURNS text STABLE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'ddl_of_type_wrapper';

CREATE FUNCTION "pgmeta_apply"(
	"target" jsonb,
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"step" INT,
	"statement" TEXT,
	"duration_ms" double precision
)
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_apply_wrapper';

CREATE FUNCTION pgmeta_archive(partition regclass, storage text, options jsonb DEFAULT '{}') RETURNS bigint VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'pgmeta_archive_wrapper';

CREATE FUNCTION "pgmeta_archive_cancel"(
	"id" bigint
) RETURNS VOID
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_archive_cancel_wrapper';

CREATE FUNCTION pgmeta_archive_candidates(policy text, at timestamptz DEFAULT now()) RETURNS TABLE(partition regclass, lower text, upper text, rows_estimate bigint, bytes bigint, state text, blocked_by text) STABLE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'pgmeta_archive_candidates_wrapper';

CREATE FUNCTION "pgmeta_archive_compare"(
	"id" bigint
) RETURNS TABLE (
	"name" TEXT,
	"stored" TEXT,
	"live" TEXT,
	"equal" bool
)
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_archive_compare_wrapper';

CREATE FUNCTION "pgmeta_archive_health"() RETURNS TABLE (
	"name" TEXT,
	"status" TEXT,
	"detail" TEXT,
	"hint" TEXT
)
STRICT VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_archive_health_wrapper';

CREATE FUNCTION "pgmeta_archive_policy_alter"(
	"name" TEXT,
	"options" jsonb DEFAULT '{}'
) RETURNS VOID
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_archive_policy_alter_wrapper';

CREATE FUNCTION "pgmeta_archive_policy_drop"(
	"name" TEXT
) RETURNS VOID
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_archive_policy_drop_wrapper';

CREATE FUNCTION "pgmeta_archive_policy_pause"(
	"name" TEXT
) RETURNS VOID
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_archive_policy_pause_wrapper';

CREATE FUNCTION "pgmeta_archive_policy_resume"(
	"name" TEXT
) RETURNS VOID
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_archive_policy_resume_wrapper';

CREATE FUNCTION pgmeta_archive_restore(id bigint, options jsonb DEFAULT '{}') RETURNS regclass VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'pgmeta_archive_restore_wrapper';

CREATE FUNCTION "pgmeta_archive_retry"(
	"id" bigint
) RETURNS bigint
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_archive_retry_wrapper';

CREATE FUNCTION "pgmeta_archive_start"(
	"policy" TEXT DEFAULT NULL,
	"workers" INT DEFAULT NULL
) RETURNS SETOF INT
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_archive_start_wrapper';

CREATE FUNCTION "pgmeta_archive_validate"(
	"policy" TEXT
) RETURNS TABLE (
	"name" TEXT,
	"status" TEXT,
	"detail" TEXT,
	"hint" TEXT
)
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_archive_validate_wrapper';

CREATE FUNCTION "pgmeta_archive_verify"(
	"id" bigint,
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"file" TEXT,
	"status" TEXT,
	"detail" TEXT
)
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_archive_verify_wrapper';

CREATE FUNCTION "pgmeta_coverage"(
	"schemas" TEXT[] DEFAULT NULL
) RETURNS TABLE (
	"type" TEXT,
	"status" TEXT,
	"reason" TEXT,
	"count" bigint
)
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'coverage_of_array_wrapper';

CREATE FUNCTION "pgmeta_coverage"(
	"schemas" TEXT
) RETURNS TABLE (
	"type" TEXT,
	"status" TEXT,
	"reason" TEXT,
	"count" bigint
)
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'coverage_of_text_wrapper';

CREATE FUNCTION "pgmeta_ddl"(
	"name" TEXT,
	"options" jsonb DEFAULT '{}'
) RETURNS TEXT
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'ddl_of_name_wrapper';

CREATE FUNCTION "pgmeta_diff"(
	"source_schema" TEXT,
	"target_schema" TEXT,
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"ordinal" INT,
	"change" TEXT,
	"type" TEXT,
	"schema" TEXT,
	"name" TEXT,
	"identity" TEXT,
	"detail" jsonb
)
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'diff_of_schemas_wrapper';

CREATE FUNCTION "pgmeta_diff"(
	"source" jsonb,
	"target" jsonb,
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"ordinal" INT,
	"change" TEXT,
	"type" TEXT,
	"schema" TEXT,
	"name" TEXT,
	"identity" TEXT,
	"detail" jsonb
)
STABLE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_diff_wrapper';

CREATE FUNCTION "pgmeta_drift"(
	"name" TEXT,
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"ordinal" INT,
	"change" TEXT,
	"type" TEXT,
	"schema" TEXT,
	"name" TEXT,
	"identity" TEXT,
	"detail" jsonb
)
STABLE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_drift_wrapper';

CREATE FUNCTION "pgmeta_export"(
	"schemas" TEXT[] DEFAULT NULL,
	"types" TEXT[] DEFAULT NULL,
	"name_pattern" TEXT DEFAULT NULL,
	"on_error" TEXT DEFAULT 'fail',
	"options" jsonb DEFAULT '{}',
	"format" TEXT DEFAULT 'sql'
) RETURNS TEXT
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'export_of_array_wrapper';

CREATE FUNCTION "pgmeta_export"(
	"schemas" TEXT,
	"types" TEXT[] DEFAULT NULL,
	"name_pattern" TEXT DEFAULT NULL,
	"on_error" TEXT DEFAULT 'fail',
	"options" jsonb DEFAULT '{}',
	"format" TEXT DEFAULT 'sql'
) RETURNS TEXT
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'export_of_text_wrapper';

CREATE FUNCTION "pgmeta_export_files"(
	"schemas" TEXT[] DEFAULT NULL,
	"types" TEXT[] DEFAULT NULL,
	"name_pattern" TEXT DEFAULT NULL,
	"on_error" TEXT DEFAULT 'fail',
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"path" TEXT,
	"content" TEXT,
	"fingerprint" TEXT
)
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'files_of_array_wrapper';

CREATE FUNCTION "pgmeta_export_files"(
	"schemas" TEXT,
	"types" TEXT[] DEFAULT NULL,
	"name_pattern" TEXT DEFAULT NULL,
	"on_error" TEXT DEFAULT 'fail',
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"path" TEXT,
	"content" TEXT,
	"fingerprint" TEXT
)
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'files_of_text_wrapper';

CREATE FUNCTION "pgmeta_export_tar"(
	"schemas" TEXT[] DEFAULT NULL,
	"types" TEXT[] DEFAULT NULL,
	"name_pattern" TEXT DEFAULT NULL,
	"on_error" TEXT DEFAULT 'fail',
	"options" jsonb DEFAULT '{}'
) RETURNS bytea
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'tar_of_array_wrapper';

CREATE FUNCTION "pgmeta_export_tar"(
	"schemas" TEXT,
	"types" TEXT[] DEFAULT NULL,
	"name_pattern" TEXT DEFAULT NULL,
	"on_error" TEXT DEFAULT 'fail',
	"options" jsonb DEFAULT '{}'
) RETURNS bytea
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'tar_of_text_wrapper';

CREATE FUNCTION "pgmeta_export_to_directory"(
	"directory" TEXT,
	"schemas" TEXT[] DEFAULT NULL,
	"types" TEXT[] DEFAULT NULL,
	"name_pattern" TEXT DEFAULT NULL,
	"on_error" TEXT DEFAULT 'fail',
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"path" TEXT,
	"action" TEXT
)
VOLATILE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'directory_of_array_wrapper';

CREATE FUNCTION "pgmeta_export_to_directory"(
	"directory" TEXT,
	"schemas" TEXT,
	"types" TEXT[] DEFAULT NULL,
	"name_pattern" TEXT DEFAULT NULL,
	"on_error" TEXT DEFAULT 'fail',
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"path" TEXT,
	"action" TEXT
)
VOLATILE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'directory_of_text_wrapper';

CREATE FUNCTION "pgmeta_fingerprint"(
	"schemas" TEXT[] DEFAULT NULL
) RETURNS TEXT
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'fingerprint_of_array_wrapper';

CREATE FUNCTION "pgmeta_fingerprint"(
	"schemas" TEXT
) RETURNS TEXT
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'fingerprint_of_text_wrapper';

CREATE FUNCTION "pgmeta_live"(
	"target" jsonb,
	"options" jsonb DEFAULT '{}'
) RETURNS jsonb
STABLE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_live_wrapper';

CREATE FUNCTION "pgmeta_metrics"() RETURNS TEXT
STRICT STABLE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_metrics_wrapper';

CREATE FUNCTION "pgmeta_migration"(
	"source" jsonb,
	"target" jsonb,
	"format" TEXT DEFAULT 'plain',
	"name" TEXT DEFAULT 'migration',
	"version" TEXT DEFAULT NULL,
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"path" TEXT,
	"content" TEXT
)
STABLE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_migration_wrapper';

CREATE FUNCTION pgmeta_object_ddl(type text, names text[], args text[] DEFAULT '{}', options jsonb DEFAULT '{}') RETURNS text STABLE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'pgmeta_object_ddl_wrapper';

CREATE FUNCTION "pgmeta_objects"(
	"schemas" TEXT[] DEFAULT NULL,
	"types" TEXT[] DEFAULT NULL,
	"name_pattern" TEXT DEFAULT NULL,
	"on_error" TEXT DEFAULT 'fail',
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"ordinal" INT,
	"type" TEXT,
	"schema" TEXT,
	"name" TEXT,
	"identity" TEXT,
	"parent" TEXT,
	"classid" oid,
	"objid" oid,
	"objsubid" INT,
	"path" TEXT,
	"ddl" TEXT,
	"fingerprint" TEXT,
	"error" TEXT
)
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'objects_of_array_wrapper';

CREATE FUNCTION "pgmeta_objects"(
	"schemas" TEXT,
	"types" TEXT[] DEFAULT NULL,
	"name_pattern" TEXT DEFAULT NULL,
	"on_error" TEXT DEFAULT 'fail',
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"ordinal" INT,
	"type" TEXT,
	"schema" TEXT,
	"name" TEXT,
	"identity" TEXT,
	"parent" TEXT,
	"classid" oid,
	"objid" oid,
	"objsubid" INT,
	"path" TEXT,
	"ddl" TEXT,
	"fingerprint" TEXT,
	"error" TEXT
)
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'objects_of_text_wrapper';

CREATE FUNCTION "pgmeta_plan"(
	"source" jsonb,
	"target" jsonb,
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"step" INT,
	"transaction" INT,
	"statement" TEXT,
	"hazards" TEXT[],
	"lock_level" TEXT,
	"lock_timeout_ms" INT,
	"statement_timeout_ms" INT,
	"rewrites" TEXT[],
	"reason" TEXT,
	"type" TEXT,
	"identity" TEXT
)
STABLE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_plan_wrapper';

CREATE FUNCTION "pgmeta_plan_live"(
	"target" jsonb,
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"step" INT,
	"transaction" INT,
	"statement" TEXT,
	"hazards" TEXT[],
	"lock_level" TEXT,
	"lock_timeout_ms" INT,
	"statement_timeout_ms" INT,
	"rewrites" TEXT[],
	"reason" TEXT,
	"type" TEXT,
	"identity" TEXT
)
STABLE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_plan_live_wrapper';

CREATE FUNCTION "pgmeta_rehearse"(
	"target" jsonb,
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"step" INT,
	"statement" TEXT,
	"duration_ms" double precision,
	"locks" jsonb,
	"rewritten" TEXT[],
	"error" TEXT
)
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_rehearse_wrapper';

CREATE FUNCTION "pgmeta_snapshot"(
	"schemas" TEXT[] DEFAULT NULL,
	"options" jsonb DEFAULT '{}'
) RETURNS jsonb
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'snapshot_of_array_wrapper';

CREATE FUNCTION "pgmeta_snapshot"(
	"schemas" TEXT,
	"options" jsonb DEFAULT '{}'
) RETURNS jsonb
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'snapshot_of_text_wrapper';

CREATE FUNCTION "pgmeta_snapshot_ddl"(
	"snapshot" jsonb,
	"options" jsonb DEFAULT '{}'
) RETURNS TEXT
IMMUTABLE PARALLEL SAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_snapshot_ddl_wrapper';

CREATE FUNCTION "pgmeta_snapshot_delete"(
	"name" TEXT,
	"version" bigint DEFAULT NULL
) RETURNS bigint
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_snapshot_delete_wrapper';

CREATE FUNCTION "pgmeta_snapshot_from_sql"(
	"ddl" TEXT,
	"options" jsonb DEFAULT '{}'
) RETURNS jsonb
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_snapshot_from_sql_wrapper';

CREATE FUNCTION "pgmeta_snapshot_load"(
	"name" TEXT,
	"version" bigint DEFAULT NULL
) RETURNS jsonb
STABLE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_snapshot_load_wrapper';

CREATE FUNCTION "pgmeta_snapshot_save"(
	"name" TEXT,
	"snapshot" jsonb DEFAULT NULL,
	"comment" TEXT DEFAULT NULL
) RETURNS bigint
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_snapshot_save_wrapper';

CREATE FUNCTION "pgmeta_snapshot_schema"() RETURNS jsonb
IMMUTABLE STRICT PARALLEL SAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_snapshot_schema_wrapper';

CREATE FUNCTION "pgmeta_version"() RETURNS TEXT
IMMUTABLE STRICT PARALLEL SAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_version_wrapper';

CREATE FUNCTION pgmeta_archive_policy_create(name text, parent regclass, storage text, retention bigint, options jsonb DEFAULT '{}') RETURNS void VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'policy_create_by_keys_wrapper';

CREATE FUNCTION pgmeta_archive_policy_create(name text, parent regclass, storage text, retention interval, options jsonb DEFAULT '{}') RETURNS void VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'policy_create_by_time_wrapper';

-- finalize
-- What comes after all functions: COMMENT ON every public one (pgrx makes none from doc comments), and their privileges.
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
        ['pgmeta_plan_live', 'Statements that lead from the live schema to a target, in order, with locks and hazards'],
        ['pgmeta_rehearse', 'Runs the plan from the live schema to a target, measures its statements, compares, and undoes everything'],
        ['pgmeta_apply', 'Runs the plan from the live schema to a target in this transaction: everything or nothing'],
        ['pgmeta_drift', 'What differs between a saved snapshot and the live database'],
        ['pgmeta_archive', 'Archives one partition or table now: stored, read back and proved, recorded, then retired as options say; returns its number'],
        ['pgmeta_archive_cancel', 'Cancels what a worker or a run does with an archive, or keeps one that has failed from being tried again'],
        ['pgmeta_archive_candidates', 'The partitions of a policy that are beyond its retention, oldest first, with what stands in the way'],
        ['pgmeta_archive_compare', 'What an archive holds beside what its table holds now: rows and their digest'],
        ['pgmeta_archive_health', 'Checks all storages and policies, and what has become of earlier runs'],
        ['pgmeta_archive_retry', 'Tries an archive that has failed or was cancelled again, now and here; returns the number of the new one'],
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
            EXECUTE format('COMMENT ON ROUTINE %s IS %L', routine, described[i][2]);
        END LOOP;
    END LOOP;
END
$$;

-- What PUBLIC would have: the right to call.
DO $$
DECLARE
    routine regprocedure;
    admin boolean;
BEGIN
    FOR routine, admin IN
        SELECT p.oid, p.proname LIKE 'pgmeta\_archive\_policy\_%'
        FROM pg_catalog.pg_proc p
        WHERE p.pronamespace = '@extschema@'::regnamespace
            AND (p.proname LIKE 'pgmeta\_archive%' OR p.proname LIKE '\_pgmeta\_archive%' OR p.proname = 'pgmeta_metrics')
    LOOP
        EXECUTE pg_catalog.format('REVOKE ALL ON ROUTINE %s FROM PUBLIC', routine);
        EXECUTE pg_catalog.format('GRANT EXECUTE ON ROUTINE %s TO pgmeta_archive_admin', routine);
        IF NOT admin THEN
            EXECUTE pg_catalog.format('GRANT EXECUTE ON ROUTINE %s TO pgmeta_archive_operator', routine);
        END IF;
    END LOOP;
    REVOKE ALL ON FUNCTION _pgmeta_storage_validator(text[], oid) FROM PUBLIC;
END
$$;

