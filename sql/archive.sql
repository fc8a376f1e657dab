-- Archives: the foreign-data wrapper of storages, roles, and the tables and views of schema pgmeta. PUBLIC has no privileges on them.

-- Pins the search_path: the schema that CREATE EXTENSION chooses may contain functions and operators of other roles.
SET LOCAL search_path = pg_catalog, pg_temp;

CREATE FOREIGN DATA WRAPPER pgmeta_storage VALIDATOR @extschema@._pgmeta_storage_validator;

-- Roles belong to the cluster: another database may have created them, or may create them at the same moment. Roles are refused if
-- somebody else could decide who is a member: that role would decide who may archive.
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
                THEN 'The role has attributes other than NOLOGIN.'
            WHEN EXISTS (SELECT FROM pg_catalog.pg_auth_members m WHERE m.member OPERATOR(pg_catalog.=) r.oid)
                THEN 'The role is a member of other roles.'
            ELSE (SELECT pg_catalog.format('Role %I, which is not a superuser, decides who is a member.', a.name)
                FROM (SELECT g.rolname FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles g ON g.oid OPERATOR(pg_catalog.=) m.grantor
                        WHERE m.roleid OPERATOR(pg_catalog.=) r.oid AND NOT g.rolsuper
                    UNION ALL SELECT o.rolname FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles o ON o.oid OPERATOR(pg_catalog.=) m.member
                        WHERE m.roleid OPERATOR(pg_catalog.=) r.oid AND m.admin_option AND NOT o.rolsuper
                            -- Since 16 the creator of a role is a member of it, granted by the bootstrap superuser.
                            AND pg_catalog.current_setting('server_version_num')::pg_catalog.int4 OPERATOR(pg_catalog.>=) 160000) AS a (name) LIMIT 1)
            END INTO flaw
        FROM pg_catalog.pg_roles r WHERE r.rolname OPERATOR(pg_catalog.=) wanted;
        IF flaw IS NOT NULL THEN
            RAISE 'existing role "%" cannot be used by pgmeta', wanted USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = flaw,
                HINT = 'List its attributes and members with \du. Revoke the memberships or drop the role, then run CREATE EXTENSION again.';
        END IF;
    END LOOP;
END
$$;

CREATE TABLE pgmeta.archive_policies (
    -- Identifies the policy in locks.
    id integer GENERATED ALWAYS AS IDENTITY UNIQUE,
    name text PRIMARY KEY CHECK (name <> ''),
    parent regclass NOT NULL,
    storage name NOT NULL,
    -- Either an age, or a distance from the greatest key.
    retention interval,
    retention_keys bigint,
    options jsonb NOT NULL DEFAULT '{}',
    paused boolean NOT NULL DEFAULT false,
    -- The role that the policy runs as. OID and name must both match: a name can be given to another role.
    owner name NOT NULL,
    owner_oid oid NOT NULL,
    -- The cluster and database that owner_oid belongs to. In another one, for example after pg_dump, only the name counts.
    origin text NOT NULL,
    created_at timestamp with time zone NOT NULL DEFAULT pg_catalog.statement_timestamp(),
    -- When the schedule last started workers.
    scheduled_at timestamp with time zone,
    CHECK ((retention IS NULL) <> (retention_keys IS NULL))
);

CREATE TABLE pgmeta.archive_records (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    policy text,
    partition_oid oid NOT NULL,
    -- The cluster and database that partition_oid belongs to. In another one, for example after pg_dump, the OID is ignored.
    origin text NOT NULL,
    partition text NOT NULL,
    parent text,
    parent_oid oid,
    -- Owner of the partition when it was archived: may read the archive when partition and parent do not exist any more.
    table_owner name,
    table_owner_oid oid,
    bound text,
    -- For rows of a DEFAULT partition: the range of their keys, lower inclusive, upper exclusive.
    key_column name,
    lower text,
    upper text,
    state text NOT NULL CHECK (state IN ('scanning', 'uploading', 'verifying', 'stored', 'retiring', 'retired',
        'restored', 'failed', 'cancelled', 'deleting', 'deleted')),
    retire text,
    storage name,
    -- Key prefix of all files of the attempt; NULL when the files are deleted.
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
    -- True if pgmeta_archive_retry_all reset this failure: it does not count any more.
    waived boolean NOT NULL DEFAULT false,
    -- Number of changes to the partition in the server's statistics when its rows were read.
    changes bigint,
    -- True if the archive was restored into its place with the option hold: the policy ignores the partition.
    held boolean NOT NULL DEFAULT false,
    -- True if this archive detached the partition but has not dropped or moved it yet.
    detached boolean NOT NULL DEFAULT false,
    -- True if the archive was recorded by pgmeta_archive_adopt: its manifest is not trusted.
    adopted boolean NOT NULL DEFAULT false,
    -- Process that runs, or ran, this archive.
    pid integer,
    started_at timestamp with time zone NOT NULL,
    stored_at timestamp with time zone,
    retired_at timestamp with time zone,
    archived_by name NOT NULL,
    archived_by_oid oid NOT NULL,
    CHECK ((key_column IS NULL) = (lower IS NULL) AND (lower IS NULL) = (upper IS NULL)),
    -- A constraint and not an index: exports print indexes on tables of extensions, because they could be the user's.
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

-- Archives in progress in any session. Their counters are in the progress report of COPY.
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
        -- Percentage of the rows to write; the estimate may be too small.
        CASE WHEN phase OPERATOR(pg_catalog.=) 'scanning' OR phase OPERATOR(pg_catalog.=) 'uploading'
            THEN COALESCE(LEAST(99, 100 OPERATOR(pg_catalog.*) rows OPERATOR(pg_catalog./) NULLIF(GREATEST(rows_estimate, rows), 0)), 0)
            ELSE 100 END::pg_catalog.int4 AS percent,
        pg_catalog.round((rows OPERATOR(pg_catalog./) NULLIF(pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) started_at), 0)))::pg_catalog.int8 AS rate,
        CASE WHEN rows OPERATOR(pg_catalog.>) 0 AND (phase OPERATOR(pg_catalog.=) 'scanning' OR phase OPERATOR(pg_catalog.=) 'uploading')
            THEN (pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) started_at)
                OPERATOR(pg_catalog.*) (GREATEST(rows_estimate OPERATOR(pg_catalog.-) rows, 0)::pg_catalog.float8 OPERATOR(pg_catalog./) rows) END AS eta,
        started_at
    FROM @extschema@._pgmeta_archive_progress();

-- Only functions write to the tables.
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

-- Runs before the statement: afterwards the extension's own trigger would be dropped already. Other statements do not call it.
CREATE EVENT TRIGGER pgmeta_guard ON ddl_command_start
    WHEN TAG IN ('DROP SERVER', 'DROP EXTENSION', 'DROP SCHEMA', 'DROP OWNED')
    EXECUTE FUNCTION @extschema@._pgmeta_guard();

-- Runs after the statement: the storage has its new name, and the server has checked the caller's privileges.
CREATE EVENT TRIGGER pgmeta_rename ON ddl_command_end
    WHEN TAG IN ('ALTER SERVER')
    EXECUTE FUNCTION @extschema@._pgmeta_guard();

-- The following objects are created in the extension's own schema.
SET LOCAL search_path = @extschema@, pg_temp;
