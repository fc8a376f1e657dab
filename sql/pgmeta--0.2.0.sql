\echo Use "CREATE EXTENSION pgmeta" to load this file. \quit

-- Tables and views of schema pgmeta. PUBLIC has no right on any of them; docs/privileges.md says what to grant.
-- They have no COMMENT: exports print those of members, which could be the user's.

-- Names are looked up here only: the schema that CREATE EXTENSION chooses may have functions and operators of others.
SET LOCAL search_path = pg_catalog, pg_temp;

-- Nothing is adopted. A schema of this name that somebody else has made is refused, for its owner could put things there; so is
-- one that the extension itself is installed in and that belongs to another role.
DO $$
BEGIN
    IF '@extschema@'::pg_catalog.regnamespace::pg_catalog.text OPERATOR(pg_catalog.<>) 'pgmeta' THEN
        IF EXISTS (SELECT FROM pg_catalog.pg_namespace n WHERE n.nspname OPERATOR(pg_catalog.=) 'pgmeta') THEN
            RAISE 'there is a schema pgmeta that is not the extension''s' USING ERRCODE = 'duplicate_schema',
                HINT = 'pgmeta keeps its tables in a schema of that name and adopts none. Look what is in it; then ALTER SCHEMA pgmeta RENAME TO another name, or DROP SCHEMA pgmeta, and create the extension again.';
        END IF;
        CREATE SCHEMA pgmeta;
    ELSIF EXISTS (SELECT FROM pg_catalog.pg_namespace n WHERE n.nspname OPERATOR(pg_catalog.=) 'pgmeta'
        AND n.nspowner OPERATOR(pg_catalog.<>) (SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname OPERATOR(pg_catalog.=) CURRENT_USER))
    THEN
        RAISE 'schema pgmeta belongs to another role' USING ERRCODE = 'object_not_in_prerequisite_state',
            HINT = 'ALTER SCHEMA pgmeta OWNER TO CURRENT_USER, or drop the schema, if nothing in it is of use to anybody.';
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

-- What follows is made in the extension's own schema again.
SET LOCAL search_path = @extschema@, pg_temp;

CREATE FUNCTION _pgmeta_guard() RETURNS event_trigger VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', '_pgmeta_guard_wrapper';

CREATE FUNCTION "_pgmeta_storage_validator"(
	"options" text[],
	"catalog" oid
) RETURNS VOID
IMMUTABLE PARALLEL SAFE
LANGUAGE c
AS 'MODULE_PATHNAME', '_pgmeta_storage_validator_wrapper';

-- requires:
--   tables
--   _pgmeta_storage_validator
--   _pgmeta_guard

-- What archives are kept with: the storages' wrapper, roles, tables and views of schema pgmeta. PUBLIC has no right on any.

-- Names are looked up here only: the schema that CREATE EXTENSION chooses may have functions and operators of others.
SET LOCAL search_path = pg_catalog, pg_temp;

CREATE FOREIGN DATA WRAPPER pgmeta_storage VALIDATOR @extschema@._pgmeta_storage_validator;

-- Roles are the cluster's: another database may have made them, at the same moment even. Roles that somebody else has made, or
-- has made others members of, are refused: whoever did so would decide who archives.
DO $$
DECLARE
    wanted pg_catalog.name;
    flaw pg_catalog.text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['pgmeta_archive_admin', 'pgmeta_archive_operator', 'pgmeta_storage_environment'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname OPERATOR(pg_catalog.=) wanted) THEN
                EXECUTE pg_catalog.format('CREATE ROLE %I NOLOGIN', wanted);
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
        SELECT CASE
            WHEN r.rolcanlogin OR r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls
                THEN 'it has attributes other than NOLOGIN'
            WHEN EXISTS (SELECT FROM pg_catalog.pg_auth_members m WHERE m.member OPERATOR(pg_catalog.=) r.oid)
                THEN 'it is a member of other roles'
            ELSE (SELECT pg_catalog.format('a role that is no superuser, %s, decides who is a member', a.name)
                FROM (SELECT g.rolname FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles g ON g.oid OPERATOR(pg_catalog.=) m.grantor
                        WHERE m.roleid OPERATOR(pg_catalog.=) r.oid AND NOT g.rolsuper
                    UNION ALL SELECT o.rolname FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles o ON o.oid OPERATOR(pg_catalog.=) m.member
                        WHERE m.roleid OPERATOR(pg_catalog.=) r.oid AND m.admin_option AND NOT o.rolsuper
                            -- From 16 on whoever makes a role is a member in the name of the first superuser.
                            AND pg_catalog.current_setting('server_version_num')::pg_catalog.int4 OPERATOR(pg_catalog.>=) 160000) AS a (name) LIMIT 1)
            END INTO flaw
        FROM pg_catalog.pg_roles r WHERE r.rolname OPERATOR(pg_catalog.=) wanted;
        IF flaw IS NOT NULL THEN
            RAISE 'role "%" is not as pgmeta makes it: %', wanted, flaw USING ERRCODE = 'object_not_in_prerequisite_state',
                HINT = 'Look who is a member of it (\du), REVOKE what is not wanted, or DROP the role, and create the extension again.';
        END IF;
    END LOOP;
END
$$;

CREATE TABLE pgmeta.archive_policies (
    -- What locks know the policy by.
    id integer GENERATED ALWAYS AS IDENTITY UNIQUE,
    name text PRIMARY KEY CHECK (name <> ''),
    parent regclass NOT NULL,
    storage name NOT NULL,
    -- By time, or by the number of keys behind the greatest.
    retention interval,
    retention_keys bigint,
    options jsonb NOT NULL DEFAULT '{}',
    paused boolean NOT NULL DEFAULT false,
    -- The role that it is run as: by number and name, for a name may come to be another role's.
    owner name NOT NULL,
    owner_oid oid NOT NULL,
    -- The cluster and database whose OID that is: after pg_dump and its like the name alone counts.
    origin text NOT NULL,
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
    parent_oid oid,
    -- Whose table it was: who may read it when table and parent are gone.
    table_owner name,
    table_owner_oid oid,
    bound text,
    -- Of a DEFAULT partition, the rows that it is about: by their keys, from the lower one on up to the upper one without it.
    key_column name,
    lower text,
    upper text,
    state text NOT NULL CHECK (state IN ('scanning', 'uploading', 'verifying', 'stored', 'retiring', 'retired',
        'restored', 'failed', 'cancelled', 'deleting', 'deleted')),
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
    -- As if it had not failed: somebody has said so.
    waived boolean NOT NULL DEFAULT false,
    -- What the server had counted of changes to the partition when its rows were read.
    changes bigint,
    -- Restored into its place, and to stay there: the policy leaves it alone.
    held boolean NOT NULL DEFAULT false,
    -- Off its parent by this archive's doing, which was not all that was to become of it.
    detached boolean NOT NULL DEFAULT false,
    -- Found in a storage: what its manifest says is not ours.
    adopted boolean NOT NULL DEFAULT false,
    -- Of the process that is, or was, at it.
    pid integer,
    started_at timestamp with time zone NOT NULL,
    stored_at timestamp with time zone,
    retired_at timestamp with time zone,
    archived_by name NOT NULL,
    archived_by_oid oid NOT NULL,
    CHECK ((key_column IS NULL) = (lower IS NULL) AND (lower IS NULL) = (upper IS NULL)),
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
        class, attempt, next_try_at, started_at, stored_at, retired_at, archived_by, lower, upper
    FROM pgmeta.archive_records;

CREATE VIEW pgmeta.archive_files AS
    SELECT archive, ordinal, path, rows, bytes, sha256 FROM pgmeta.archive_stored_files;

CREATE VIEW pgmeta.archive_events AS
    SELECT archive, at, state, detail FROM pgmeta.archive_state_changes;

-- What is being done now, by any session: its numbers are where COPY keeps its own.
CREATE FUNCTION @extschema@._pgmeta_archive_progress()
    RETURNS TABLE(archive bigint, policy text, partition text, pid integer, phase text, rows bigint, rows_estimate bigint,
        bytes bigint, started_at timestamp with time zone)
    STABLE PARALLEL UNSAFE LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $progress$
    SELECT NULLIF(p.param12, 0), r.policy,
        COALESCE(r.partition, p.relid::pg_catalog.regclass::pg_catalog.text), p.pid,
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
        -- Of the rows that are to be written; the estimate may be too small.
        CASE WHEN phase OPERATOR(pg_catalog.=) 'scanning' OR phase OPERATOR(pg_catalog.=) 'uploading'
            THEN COALESCE(LEAST(99, 100 OPERATOR(pg_catalog.*) rows OPERATOR(pg_catalog./) NULLIF(GREATEST(rows_estimate, rows), 0)), 0)
            ELSE 100 END::pg_catalog.int4 AS percent,
        pg_catalog.round((rows OPERATOR(pg_catalog./) NULLIF(pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) started_at), 0)))::pg_catalog.int8 AS rate,
        CASE WHEN rows OPERATOR(pg_catalog.>) 0 AND (phase OPERATOR(pg_catalog.=) 'scanning' OR phase OPERATOR(pg_catalog.=) 'uploading')
            THEN (pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) started_at)
                OPERATOR(pg_catalog.*) (GREATEST(rows_estimate OPERATOR(pg_catalog.-) rows, 0)::pg_catalog.float8 OPERATOR(pg_catalog./) rows) END AS eta,
        started_at
    FROM @extschema@._pgmeta_archive_progress();

-- The tables are written by functions only.
GRANT USAGE ON SCHEMA pgmeta TO pgmeta_archive_admin, pgmeta_archive_operator;
GRANT SELECT ON pgmeta.archive_policies, pgmeta.archive_records, pgmeta.archive_stored_files, pgmeta.archive_state_changes,
    pgmeta.archives, pgmeta.archive_files, pgmeta.archive_events, pgmeta.archive_progress
    TO pgmeta_archive_admin, pgmeta_archive_operator;

SELECT pg_catalog.pg_extension_config_dump('pgmeta.archive_policies', '');
SELECT pg_catalog.pg_extension_config_dump('pgmeta.archive_policies_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('pgmeta.archive_records', '');
SELECT pg_catalog.pg_extension_config_dump('pgmeta.archive_records_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('pgmeta.archive_stored_files', '');
SELECT pg_catalog.pg_extension_config_dump('pgmeta.archive_state_changes', '');
SELECT pg_catalog.pg_extension_config_dump('pgmeta.archive_state_changes_id_seq', '');

-- Before the statement: afterwards the extension's own trigger would be gone with it. Of no other statement is anything asked.
CREATE EVENT TRIGGER pgmeta_guard ON ddl_command_start
    WHEN TAG IN ('DROP SERVER', 'DROP EXTENSION', 'DROP SCHEMA', 'DROP OWNED')
    EXECUTE FUNCTION @extschema@._pgmeta_guard();

-- After the statement the storage has its new name, and the server has checked that the caller may give it.
CREATE EVENT TRIGGER pgmeta_rename ON ddl_command_end
    WHEN TAG IN ('ALTER SERVER')
    EXECUTE FUNCTION @extschema@._pgmeta_guard();

-- What follows is made in the extension's own schema again.
SET LOCAL search_path = @extschema@, pg_temp;

-- requires:
--   archive

-- The functions that take snapshots, in the forms of other types than jsonb: a text names a snapshot or is one, and untyped literals
-- are taken for texts; json is what some drivers send. The C functions are the same ones: they see what type they are called with.

-- Names are looked up here only: the schema that CREATE EXTENSION chooses may have functions and operators of others.
SET LOCAL search_path = pg_catalog, pg_temp;

DO $$
DECLARE
    changes CONSTANT pg_catalog.text := 'TABLE (ordinal pg_catalog.int4, change pg_catalog.text, type pg_catalog.text, schema pg_catalog.text,
        name pg_catalog.text, identity pg_catalog.text, detail pg_catalog.jsonb)';
    steps CONSTANT pg_catalog.text := 'TABLE (step pg_catalog.int4, transaction pg_catalog.int4, statement pg_catalog.text, hazards pg_catalog.text[],
        lock_level pg_catalog.text, lock_timeout_ms pg_catalog.int4, statement_timeout_ms pg_catalog.int4, rewrites pg_catalog.text[],
        reason pg_catalog.text, type pg_catalog.text, identity pg_catalog.text)';
    options CONSTANT pg_catalog.text := 'options pg_catalog.jsonb DEFAULT ''{}''';
    -- Name and arguments, `%1$s` and `%2$s` for the types of snapshots; result; volatility.
    of_two CONSTANT pg_catalog.text[] := ARRAY[
        ['pgmeta_diff(source %1$s, target %2$s, ' OPERATOR(pg_catalog.||) options OPERATOR(pg_catalog.||) ')', changes, 'STABLE'],
        ['pgmeta_plan(source %1$s, target %2$s, ' OPERATOR(pg_catalog.||) options OPERATOR(pg_catalog.||) ')', steps, 'STABLE'],
        ['pgmeta_migration(source %1$s, target %2$s, format pg_catalog.text DEFAULT ''plain'', name pg_catalog.text DEFAULT ''migration'','
            ' version pg_catalog.text DEFAULT NULL, ' OPERATOR(pg_catalog.||) options OPERATOR(pg_catalog.||) ')',
            'TABLE (path pg_catalog.text, content pg_catalog.text)', 'STABLE']];
    of_one CONSTANT pg_catalog.text[] := ARRAY[
        ['pgmeta_snapshot_ddl(snapshot %1$s, ' OPERATOR(pg_catalog.||) options OPERATOR(pg_catalog.||) ')', 'pg_catalog.text', 'STABLE'],
        ['pgmeta_snapshot_save(name pg_catalog.text, snapshot %1$s, comment pg_catalog.text DEFAULT NULL)', 'pg_catalog.int8', 'VOLATILE'],
        ['pgmeta_live(target %1$s, ' OPERATOR(pg_catalog.||) options OPERATOR(pg_catalog.||) ')', 'pg_catalog.jsonb', 'STABLE'],
        ['pgmeta_plan_live(target %1$s, ' OPERATOR(pg_catalog.||) options OPERATOR(pg_catalog.||) ')', steps, 'STABLE'],
        ['pgmeta_rehearse(target %1$s, ' OPERATOR(pg_catalog.||) options OPERATOR(pg_catalog.||) ')',
            'TABLE (step pg_catalog.int4, statement pg_catalog.text, duration_ms pg_catalog.float8, locks pg_catalog.jsonb,'
            ' rewritten pg_catalog.text[], error pg_catalog.text, values_changed pg_catalog.jsonb)', 'VOLATILE'],
        ['pgmeta_apply(target %1$s, ' OPERATOR(pg_catalog.||) options OPERATOR(pg_catalog.||) ')',
            'TABLE (step pg_catalog.int4, statement pg_catalog.text, duration_ms pg_catalog.float8, values_changed pg_catalog.jsonb)', 'VOLATILE'],
        ['pgmeta_drift(name %1$s, ' OPERATOR(pg_catalog.||) options OPERATOR(pg_catalog.||) ')', changes, 'STABLE']];
    types CONSTANT pg_catalog.text[] := '{{text,text},{json,json},{jsonb,text},{text,jsonb}}';
    pair pg_catalog.text[];
    declared pg_catalog.text[];
BEGIN
    FOREACH pair SLICE 1 IN ARRAY types LOOP
        FOREACH declared SLICE 1 IN ARRAY of_two OPERATOR(pg_catalog.||) of_one LOOP
            -- Two texts may be schemas too: that form of pgmeta_diff is another function.
            CONTINUE WHEN pair OPERATOR(pg_catalog.=) '{text,text}' AND declared[1] OPERATOR(pg_catalog.~~) 'pgmeta\_diff(%';
            CONTINUE WHEN pair[1] OPERATOR(pg_catalog.<>) pair[2] AND declared[1] OPERATOR(pg_catalog.!~~) '%\%2$s%';
            EXECUTE pg_catalog.format('CREATE FUNCTION %s.%s RETURNS %s %s PARALLEL UNSAFE LANGUAGE c AS %L, %L', '@extschema@',
                pg_catalog.format(declared[1], 'pg_catalog.' OPERATOR(pg_catalog.||) pair[1], 'pg_catalog.' OPERATOR(pg_catalog.||) pair[2]),
                declared[2], declared[3], 'MODULE_PATHNAME',
                pg_catalog.split_part(declared[1], '(', 1) OPERATOR(pg_catalog.||) '_wrapper');
        END LOOP;
    END LOOP;
END
$$;

-- What follows is made in the extension's own schema again.
SET LOCAL search_path = @extschema@, pg_temp;

CREATE FUNCTION pgmeta_ddl(object regclass, options jsonb DEFAULT '{}') RETURNS text STABLE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'ddl_of_class_wrapper';

CREATE FUNCTION pgmeta_ddl(object regcollation, options jsonb DEFAULT '{}') RETURNS text STABLE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'ddl_of_collation_wrapper';

CREATE FUNCTION pgmeta_ddl(object regconfig, options jsonb DEFAULT '{}') RETURNS text STABLE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'ddl_of_configuration_wrapper';

CREATE FUNCTION pgmeta_ddl(object regdictionary, options jsonb DEFAULT '{}') RETURNS text STABLE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'ddl_of_dictionary_wrapper';

CREATE FUNCTION pgmeta_ddl(object regproc, options jsonb DEFAULT '{}') RETURNS text STABLE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'ddl_of_function_wrapper';

CREATE FUNCTION pgmeta_ddl(object regoper, options jsonb DEFAULT '{}') RETURNS text STABLE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'ddl_of_named_operator_wrapper';

CREATE FUNCTION pgmeta_ddl(object oid, options jsonb DEFAULT '{}') RETURNS text STABLE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'ddl_of_oid_wrapper';

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
	"statement" text,
	"duration_ms" double precision,
	"values_changed" jsonb
)
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_apply_wrapper';

CREATE FUNCTION pgmeta_archive(partition regclass, storage text, options jsonb DEFAULT '{}') RETURNS bigint VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'pgmeta_archive_wrapper';

CREATE FUNCTION "pgmeta_archive_adopt"(
	"storage" text,
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"archive" bigint,
	"partition" text,
	"manifest" text,
	"action" text,
	"detail" text
)
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_archive_adopt_wrapper';

CREATE FUNCTION "pgmeta_archive_cancel"(
	"id" bigint
) RETURNS VOID
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_archive_cancel_wrapper';

CREATE FUNCTION pgmeta_archive_candidates(policy text DEFAULT NULL, at timestamptz DEFAULT now()) RETURNS TABLE(partition regclass, lower text, upper text, rows_estimate bigint, bytes bigint, state text, blocked_by text, policy_name text) STABLE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'pgmeta_archive_candidates_wrapper';

CREATE FUNCTION "pgmeta_archive_compare"(
	"id" bigint
) RETURNS TABLE (
	"name" text,
	"stored" text,
	"live" text,
	"equal" bool
)
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_archive_compare_wrapper';

CREATE PROCEDURE pgmeta_archive_delete(id bigint, options jsonb DEFAULT '{}') LANGUAGE c AS 'MODULE_PATHNAME', 'pgmeta_archive_delete_wrapper';

CREATE FUNCTION "pgmeta_archive_health"() RETURNS TABLE (
	"name" text,
	"status" text,
	"detail" text,
	"hint" text
)
STRICT VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_archive_health_wrapper';

CREATE FUNCTION "pgmeta_archive_policy_alter"(
	"name" text,
	"options" jsonb DEFAULT '{}'
) RETURNS VOID
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_archive_policy_alter_wrapper';

CREATE FUNCTION "pgmeta_archive_policy_drop"(
	"name" text
) RETURNS VOID
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_archive_policy_drop_wrapper';

CREATE FUNCTION "pgmeta_archive_policy_pause"(
	"name" text
) RETURNS VOID
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_archive_policy_pause_wrapper';

CREATE FUNCTION "pgmeta_archive_policy_resume"(
	"name" text
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

CREATE FUNCTION "pgmeta_archive_retry_all"(
	"policy" text DEFAULT NULL
) RETURNS bigint
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_archive_retry_all_wrapper';

CREATE PROCEDURE pgmeta_archive_run(policy text DEFAULT NULL) LANGUAGE c AS 'MODULE_PATHNAME', 'pgmeta_archive_run_wrapper';

CREATE FUNCTION "pgmeta_archive_start"(
	"policy" text DEFAULT NULL,
	"workers" INT DEFAULT NULL
) RETURNS SETOF INT
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_archive_start_wrapper';

CREATE FUNCTION "pgmeta_archive_validate"(
	"policy" text
) RETURNS TABLE (
	"name" text,
	"status" text,
	"detail" text,
	"hint" text
)
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_archive_validate_wrapper';

CREATE FUNCTION "pgmeta_archive_verify"(
	"id" bigint,
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"file" text,
	"status" text,
	"detail" text
)
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_archive_verify_wrapper';

CREATE FUNCTION "pgmeta_coverage"(
	"schemas" text[] DEFAULT NULL
) RETURNS TABLE (
	"type" text,
	"status" text,
	"reason" text,
	"count" bigint
)
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'coverage_of_array_wrapper';

CREATE FUNCTION "pgmeta_coverage"(
	"schemas" text
) RETURNS TABLE (
	"type" text,
	"status" text,
	"reason" text,
	"count" bigint
)
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'coverage_of_text_wrapper';

CREATE FUNCTION "pgmeta_ddl"(
	"name" text,
	"options" jsonb DEFAULT '{}'
) RETURNS text
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'ddl_of_name_wrapper';

CREATE FUNCTION "pgmeta_diff"(
	"source" text,
	"target" text,
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"ordinal" INT,
	"change" text,
	"type" text,
	"schema" text,
	"name" text,
	"identity" text,
	"detail" jsonb
)
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'diff_of_names_wrapper';

CREATE FUNCTION "pgmeta_diff"(
	"source" jsonb,
	"target" jsonb,
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"ordinal" INT,
	"change" text,
	"type" text,
	"schema" text,
	"name" text,
	"identity" text,
	"detail" jsonb
)
STABLE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_diff_wrapper';

CREATE FUNCTION "pgmeta_drift"(
	"snapshot" jsonb,
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"ordinal" INT,
	"change" text,
	"type" text,
	"schema" text,
	"name" text,
	"identity" text,
	"detail" jsonb
)
STABLE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_drift_wrapper';

CREATE FUNCTION "pgmeta_export"(
	"schemas" text[] DEFAULT NULL,
	"types" text[] DEFAULT NULL,
	"name_pattern" text DEFAULT NULL,
	"on_error" text DEFAULT 'fail',
	"options" jsonb DEFAULT '{}',
	"format" text DEFAULT 'sql'
) RETURNS text
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'export_of_array_wrapper';

CREATE FUNCTION "pgmeta_export"(
	"schemas" text,
	"types" text[] DEFAULT NULL,
	"name_pattern" text DEFAULT NULL,
	"on_error" text DEFAULT 'fail',
	"options" jsonb DEFAULT '{}',
	"format" text DEFAULT 'sql'
) RETURNS text
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'export_of_text_wrapper';

CREATE FUNCTION "pgmeta_export"(
	"schemas" text,
	"types" text,
	"name_pattern" text DEFAULT NULL,
	"on_error" text DEFAULT 'fail',
	"options" jsonb DEFAULT '{}',
	"format" text DEFAULT 'sql'
) RETURNS text
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'export_of_texts_wrapper';

CREATE FUNCTION "pgmeta_export_files"(
	"schemas" text[] DEFAULT NULL,
	"types" text[] DEFAULT NULL,
	"name_pattern" text DEFAULT NULL,
	"on_error" text DEFAULT 'fail',
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"path" text,
	"content" text,
	"fingerprint" text
)
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'files_of_array_wrapper';

CREATE FUNCTION "pgmeta_export_files"(
	"schemas" text,
	"types" text[] DEFAULT NULL,
	"name_pattern" text DEFAULT NULL,
	"on_error" text DEFAULT 'fail',
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"path" text,
	"content" text,
	"fingerprint" text
)
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'files_of_text_wrapper';

CREATE FUNCTION "pgmeta_export_files"(
	"schemas" text,
	"types" text,
	"name_pattern" text DEFAULT NULL,
	"on_error" text DEFAULT 'fail',
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"path" text,
	"content" text,
	"fingerprint" text
)
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'files_of_texts_wrapper';

CREATE FUNCTION "pgmeta_export_tar"(
	"schemas" text[] DEFAULT NULL,
	"types" text[] DEFAULT NULL,
	"name_pattern" text DEFAULT NULL,
	"on_error" text DEFAULT 'fail',
	"options" jsonb DEFAULT '{}'
) RETURNS bytea
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'tar_of_array_wrapper';

CREATE FUNCTION "pgmeta_export_tar"(
	"schemas" text,
	"types" text[] DEFAULT NULL,
	"name_pattern" text DEFAULT NULL,
	"on_error" text DEFAULT 'fail',
	"options" jsonb DEFAULT '{}'
) RETURNS bytea
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'tar_of_text_wrapper';

CREATE FUNCTION "pgmeta_export_tar"(
	"schemas" text,
	"types" text,
	"name_pattern" text DEFAULT NULL,
	"on_error" text DEFAULT 'fail',
	"options" jsonb DEFAULT '{}'
) RETURNS bytea
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'tar_of_texts_wrapper';

CREATE FUNCTION "pgmeta_export_to_directory"(
	"directory" text,
	"schemas" text[] DEFAULT NULL,
	"types" text[] DEFAULT NULL,
	"name_pattern" text DEFAULT NULL,
	"on_error" text DEFAULT 'fail',
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"path" text,
	"action" text
)
VOLATILE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'directory_of_array_wrapper';

CREATE FUNCTION "pgmeta_export_to_directory"(
	"directory" text,
	"schemas" text,
	"types" text[] DEFAULT NULL,
	"name_pattern" text DEFAULT NULL,
	"on_error" text DEFAULT 'fail',
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"path" text,
	"action" text
)
VOLATILE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'directory_of_text_wrapper';

CREATE FUNCTION "pgmeta_export_to_directory"(
	"directory" text,
	"schemas" text,
	"types" text,
	"name_pattern" text DEFAULT NULL,
	"on_error" text DEFAULT 'fail',
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"path" text,
	"action" text
)
VOLATILE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'directory_of_texts_wrapper';

CREATE FUNCTION "pgmeta_fingerprint"(
	"schemas" text[] DEFAULT NULL
) RETURNS text
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'fingerprint_of_array_wrapper';

CREATE FUNCTION "pgmeta_fingerprint"(
	"schemas" text
) RETURNS text
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'fingerprint_of_text_wrapper';

CREATE FUNCTION "pgmeta_help"(
	"pattern" text DEFAULT NULL
) RETURNS TABLE (
	"name" text,
	"signature" text,
	"description" text,
	"example" text
)
STABLE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_help_wrapper';

CREATE FUNCTION "pgmeta_live"(
	"target" jsonb,
	"options" jsonb DEFAULT '{}'
) RETURNS jsonb
STABLE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_live_wrapper';

CREATE FUNCTION "pgmeta_metrics"() RETURNS text
STRICT STABLE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_metrics_wrapper';

CREATE FUNCTION "pgmeta_migration"(
	"source" jsonb,
	"target" jsonb,
	"format" text DEFAULT 'plain',
	"name" text DEFAULT 'migration',
	"version" text DEFAULT NULL,
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"path" text,
	"content" text
)
STABLE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_migration_wrapper';

CREATE FUNCTION pgmeta_object_ddl(type text, names text[], args text[] DEFAULT '{}', options jsonb DEFAULT '{}') RETURNS text STABLE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'pgmeta_object_ddl_wrapper';

CREATE FUNCTION "pgmeta_objects"(
	"schemas" text[] DEFAULT NULL,
	"types" text[] DEFAULT NULL,
	"name_pattern" text DEFAULT NULL,
	"on_error" text DEFAULT 'fail',
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"ordinal" INT,
	"type" text,
	"schema" text,
	"name" text,
	"identity" text,
	"parent" text,
	"classid" oid,
	"objid" oid,
	"objsubid" INT,
	"path" text,
	"ddl" text,
	"fingerprint" text,
	"error" text
)
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'objects_of_array_wrapper';

CREATE FUNCTION "pgmeta_objects"(
	"schemas" text,
	"types" text[] DEFAULT NULL,
	"name_pattern" text DEFAULT NULL,
	"on_error" text DEFAULT 'fail',
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"ordinal" INT,
	"type" text,
	"schema" text,
	"name" text,
	"identity" text,
	"parent" text,
	"classid" oid,
	"objid" oid,
	"objsubid" INT,
	"path" text,
	"ddl" text,
	"fingerprint" text,
	"error" text
)
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'objects_of_text_wrapper';

CREATE FUNCTION "pgmeta_objects"(
	"schemas" text,
	"types" text,
	"name_pattern" text DEFAULT NULL,
	"on_error" text DEFAULT 'fail',
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"ordinal" INT,
	"type" text,
	"schema" text,
	"name" text,
	"identity" text,
	"parent" text,
	"classid" oid,
	"objid" oid,
	"objsubid" INT,
	"path" text,
	"ddl" text,
	"fingerprint" text,
	"error" text
)
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'objects_of_texts_wrapper';

CREATE FUNCTION "pgmeta_plan"(
	"source" jsonb,
	"target" jsonb,
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"step" INT,
	"transaction" INT,
	"statement" text,
	"hazards" text[],
	"lock_level" text,
	"lock_timeout_ms" INT,
	"statement_timeout_ms" INT,
	"rewrites" text[],
	"reason" text,
	"type" text,
	"identity" text
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
	"statement" text,
	"hazards" text[],
	"lock_level" text,
	"lock_timeout_ms" INT,
	"statement_timeout_ms" INT,
	"rewrites" text[],
	"reason" text,
	"type" text,
	"identity" text
)
STABLE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_plan_live_wrapper';

CREATE FUNCTION "pgmeta_rehearse"(
	"target" jsonb,
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"step" INT,
	"statement" text,
	"duration_ms" double precision,
	"locks" jsonb,
	"rewritten" text[],
	"error" text,
	"values_changed" jsonb
)
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_rehearse_wrapper';

CREATE FUNCTION "pgmeta_snapshot"(
	"schemas" text[] DEFAULT NULL,
	"options" jsonb DEFAULT '{}'
) RETURNS jsonb
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'snapshot_of_array_wrapper';

CREATE FUNCTION "pgmeta_snapshot"(
	"schemas" text,
	"options" jsonb DEFAULT '{}'
) RETURNS jsonb
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'snapshot_of_text_wrapper';

CREATE FUNCTION "pgmeta_snapshot_ddl"(
	"snapshot" jsonb,
	"options" jsonb DEFAULT '{}'
) RETURNS text
IMMUTABLE PARALLEL SAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_snapshot_ddl_wrapper';

CREATE FUNCTION "pgmeta_snapshot_delete"(
	"name" text,
	"version" bigint DEFAULT NULL
) RETURNS bigint
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_snapshot_delete_wrapper';

CREATE FUNCTION "pgmeta_snapshot_from_sql"(
	"ddl" text,
	"options" jsonb DEFAULT '{}'
) RETURNS jsonb
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_snapshot_from_sql_wrapper';

CREATE FUNCTION "pgmeta_snapshot_load"(
	"name" text,
	"version" bigint DEFAULT NULL
) RETURNS jsonb
STABLE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_snapshot_load_wrapper';

CREATE FUNCTION "pgmeta_snapshot_save"(
	"name" text,
	"snapshot" jsonb DEFAULT NULL,
	"comment" text DEFAULT NULL
) RETURNS bigint
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_snapshot_save_wrapper';

CREATE FUNCTION "pgmeta_snapshot_schema"() RETURNS jsonb
IMMUTABLE STRICT PARALLEL SAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_snapshot_schema_wrapper';

CREATE FUNCTION "pgmeta_version"() RETURNS text
IMMUTABLE STRICT PARALLEL SAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_version_wrapper';

CREATE FUNCTION pgmeta_archive_policy_create(name text, parent regclass, storage text, retention bigint, options jsonb DEFAULT '{}') RETURNS void VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'policy_create_by_keys_wrapper';

CREATE FUNCTION pgmeta_archive_policy_create(name text, parent regclass, storage text, retention text, options jsonb DEFAULT '{}') RETURNS void VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'policy_create_by_text_wrapper';

CREATE FUNCTION pgmeta_archive_policy_create(name text, parent regclass, storage text, retention interval, options jsonb DEFAULT '{}') RETURNS void VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'policy_create_by_time_wrapper';

-- finalize
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

