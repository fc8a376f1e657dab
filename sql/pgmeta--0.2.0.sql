\echo Use "CREATE EXTENSION pgmeta" to load this file. \quit

-- Tables and views of schema pgmeta. PUBLIC has no privileges on them; docs/privileges.md lists the grants.
-- They have no COMMENT: exports print comments on objects of extensions, because they could be the user's.

-- Pins the search_path: the schema that CREATE EXTENSION chooses may contain functions and operators of other roles.
SET LOCAL search_path = pg_catalog, pg_temp;

-- An existing schema pgmeta is refused: its owner could create objects in it. A schema pgmeta that the extension is installed in must
-- belong to the current role.
DO $$
BEGIN
    IF '@extschema@'::pg_catalog.regnamespace::pg_catalog.text OPERATOR(pg_catalog.<>) 'pgmeta' THEN
        IF EXISTS (SELECT FROM pg_catalog.pg_namespace n WHERE n.nspname OPERATOR(pg_catalog.=) 'pgmeta') THEN
            RAISE 'schema "pgmeta" already exists' USING ERRCODE = 'duplicate_schema',
                HINT = 'The extension creates a schema of this name and does not use an existing one. Rename it with ALTER SCHEMA pgmeta RENAME TO, or drop it with DROP SCHEMA pgmeta, then run CREATE EXTENSION again.';
        END IF;
        CREATE SCHEMA pgmeta;
    ELSIF EXISTS (SELECT FROM pg_catalog.pg_namespace n WHERE n.nspname OPERATOR(pg_catalog.=) 'pgmeta'
        AND n.nspowner OPERATOR(pg_catalog.<>) (SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname OPERATOR(pg_catalog.=) CURRENT_USER))
    THEN
        RAISE 'schema "pgmeta" belongs to another role' USING ERRCODE = 'object_not_in_prerequisite_state',
            HINT = 'Run ALTER SCHEMA pgmeta OWNER TO CURRENT_USER, or drop the schema if nobody needs its contents.';
    END IF;
END
$$;

-- Rows are kept when snapshots are deleted, so that a version number is never used twice. Concurrent saves lock them.
CREATE TABLE pgmeta.snapshot_names (
    name text PRIMARY KEY CHECK (name <> ''),
    last_version bigint NOT NULL CHECK (last_version > 0)
);

-- Snapshots saved by pgmeta_snapshot_save.
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

-- The saved snapshots without their documents; `bytes` is the compressed size of a document.
CREATE VIEW pgmeta.snapshots AS
    SELECT name, version, comment, fingerprint, server_version_num, created_at, created_by,
        pg_catalog.pg_column_size(snapshot)::bigint AS bytes
    FROM pgmeta.saved_snapshots;

-- Options of pgmeta_lint under a name, which its option "profile" names. The names of the profiles that pgmeta has itself are taken.
CREATE TABLE pgmeta.lint_profiles (
    name text PRIMARY KEY CHECK (name <> '' AND pg_catalog.lower(name) NOT IN ('default', 'strict', 'api')),
    options jsonb NOT NULL CHECK (pg_catalog.jsonb_typeof(options) = 'object')
);

-- Without this, pg_dump does not dump the rows.
SELECT pg_catalog.pg_extension_config_dump('pgmeta.lint_profiles', '');
SELECT pg_catalog.pg_extension_config_dump('pgmeta.snapshot_names', '');
SELECT pg_catalog.pg_extension_config_dump('pgmeta.saved_snapshots', '');

-- The following objects are created in the extension's own schema.
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

-- requires:
--   archive

-- The registry of definitions: tables that only functions write, in a schema of their own, and the views over them in schema pgmeta.
-- A GRANT on all tables of schema pgmeta does not reach the tables. They have no row-level security: pg_dump would fail for a database's
-- owner who is not a superuser. The views show each role the definitions on which it has rights.

-- Pins the search_path: the schema that CREATE EXTENSION chooses may contain functions and operators of other roles.
SET LOCAL search_path = pg_catalog, pg_temp;

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_namespace n WHERE n.nspname OPERATOR(pg_catalog.=) 'pgmeta_registry') THEN
        RAISE 'schema "pgmeta_registry" already exists' USING ERRCODE = 'duplicate_schema',
            HINT = 'The extension creates a schema of this name and does not use an existing one. Rename it with ALTER SCHEMA pgmeta_registry RENAME TO, or drop it with DROP SCHEMA pgmeta_registry, then try again.';
    END IF;
    CREATE SCHEMA pgmeta_registry;
END
$$;

CREATE TABLE pgmeta_registry.definitions (
    id uuid PRIMARY KEY DEFAULT pg_catalog.gen_random_uuid(),
    name text NOT NULL CHECK (name <> ''),
    description text,
    -- OID and name must both match: a name can be given to another role.
    owner name NOT NULL,
    owner_oid oid NOT NULL,
    -- The cluster and database that OIDs belong to. In another one, for example after pg_dump, only names count.
    origin text NOT NULL,
    -- The latest version.
    version integer NOT NULL DEFAULT 1 CHECK (version > 0),
    -- Name, description, tables and labels in lower case, for searches.
    search_text text NOT NULL,
    -- The channel of notifications about events.
    channel text,
    created_at timestamp with time zone NOT NULL DEFAULT pg_catalog.statement_timestamp(),
    updated_at timestamp with time zone NOT NULL DEFAULT pg_catalog.statement_timestamp(),
    deleted_at timestamp with time zone,
    -- Where it is deployed.
    deployed_schema name,
    deployed_database name,
    deployed_version integer,
    -- The fingerprint of the deployed schema after the deployment.
    deployed_fingerprint text,
    deployed_at timestamp with time zone,
    CHECK ((deployed_version IS NULL) = (deployed_schema IS NULL AND deployed_database IS NULL)),
    CHECK (deployed_schema IS NULL OR deployed_database IS NULL),
    -- Deleted definitions keep their names. A constraint and not an index: exports print indexes on tables of extensions.
    EXCLUDE (name WITH =, owner_oid WITH =, origin WITH =) WHERE (deleted_at IS NULL)
);

CREATE TABLE pgmeta_registry.versions (
    definition uuid NOT NULL REFERENCES pgmeta_registry.definitions ON DELETE CASCADE,
    version integer NOT NULL CHECK (version > 0),
    document jsonb NOT NULL,
    message text,
    fingerprint text NOT NULL,
    author name NOT NULL,
    created_at timestamp with time zone NOT NULL DEFAULT pg_catalog.statement_timestamp(),
    PRIMARY KEY (definition, version)
);

-- The deployed schemas as they were after the deployment, to find what was changed since.
CREATE TABLE pgmeta_registry.snapshots (
    definition uuid PRIMARY KEY REFERENCES pgmeta_registry.definitions ON DELETE CASCADE,
    snapshot jsonb NOT NULL,
    -- The schemas that existed before: deployments neither drop them nor change what they belong to.
    prepared text[] NOT NULL
);

CREATE TABLE pgmeta_registry.deployments (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    definition uuid NOT NULL REFERENCES pgmeta_registry.definitions ON DELETE CASCADE,
    action text NOT NULL CHECK (action IN ('deploy', 'rollback', 'undeploy')),
    from_version integer,
    to_version integer,
    target text NOT NULL,
    role name NOT NULL,
    started_at timestamp with time zone NOT NULL,
    duration_ms double precision NOT NULL,
    steps integer NOT NULL,
    error text,
    sqlstate text,
    detail text,
    UNIQUE (definition, id)
);

CREATE TABLE pgmeta_registry.events (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    definition uuid NOT NULL REFERENCES pgmeta_registry.definitions ON DELETE CASCADE,
    at timestamp with time zone NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    role name NOT NULL,
    event text NOT NULL,
    detail jsonb NOT NULL,
    UNIQUE (definition, id)
);

CREATE TABLE pgmeta_registry.grants (
    definition uuid NOT NULL REFERENCES pgmeta_registry.definitions ON DELETE CASCADE,
    role name NOT NULL,
    role_oid oid NOT NULL,
    origin text NOT NULL,
    rights text[] NOT NULL CHECK (rights <@ '{read,write,deploy,admin}' AND rights <> '{}'),
    granted_by name NOT NULL,
    granted_at timestamp with time zone NOT NULL DEFAULT pg_catalog.statement_timestamp(),
    PRIMARY KEY (definition, role_oid, origin)
);

-- Remarks on places of a definition; a reply has the remark that it answers.
CREATE TABLE pgmeta_registry.comments (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    definition uuid NOT NULL REFERENCES pgmeta_registry.definitions ON DELETE CASCADE,
    -- No foreign key: pg_dump would warn of a circle.
    parent bigint,
    path text NOT NULL,
    text text NOT NULL CHECK (text <> ''),
    author name NOT NULL,
    created_at timestamp with time zone NOT NULL DEFAULT pg_catalog.statement_timestamp(),
    resolved_by name,
    resolved_at timestamp with time zone,
    UNIQUE (definition, id)
);

CREATE TABLE pgmeta_registry.templates (
    name text NOT NULL CHECK (name <> ''),
    description text,
    document jsonb NOT NULL,
    owner name NOT NULL,
    owner_oid oid NOT NULL,
    origin text NOT NULL,
    created_at timestamp with time zone NOT NULL DEFAULT pg_catalog.statement_timestamp(),
    -- Each role has names of its own, so that no error shows those of others.
    PRIMARY KEY (name, owner_oid, origin)
);

-- The rights of each role: the owner has all, and so have superusers and members of the owner.
CREATE VIEW pgmeta_registry.role_rights AS
    WITH here AS MATERIALIZED (
        SELECT pg_catalog.format('%s/%s', c.system_identifier, d.oid) AS origin
        FROM pg_catalog.pg_control_system() c, pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()
    )
    SELECT m.oid AS role, d.id AS definition, '{read,write,deploy,admin}'::text[] AS rights
    FROM pg_catalog.pg_roles m, pgmeta_registry.definitions d
    WHERE pg_catalog.pg_has_role(m.oid, CASE WHEN d.origin = (SELECT here.origin FROM here) THEN d.owner_oid
        ELSE (SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = d.owner) END, 'USAGE')
    UNION ALL
    SELECT m.oid, g.definition, CASE WHEN 'admin' = ANY (g.rights) THEN '{read,write,deploy,admin}' ELSE '{read}'::text[] || g.rights END
    FROM pg_catalog.pg_roles m, pgmeta_registry.grants g
    WHERE pg_catalog.pg_has_role(m.oid, CASE WHEN g.origin = (SELECT here.origin FROM here) THEN g.role_oid
        ELSE (SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = g.role) END, 'USAGE');

-- What databases say of themselves: deployments set it in the transaction that alters the database, which commits directly before the
-- registry does. Only after a crash between the two does it differ from the definition's row.
CREATE VIEW pgmeta_registry.marks AS
    SELECT b.datname AS database, m.parts[1]::uuid AS definition, m.parts[2]::integer AS version, m.parts[3] AS fingerprint
    FROM pg_catalog.pg_db_role_setting s JOIN pg_catalog.pg_database b ON b.oid = s.setdatabase
        CROSS JOIN LATERAL pg_catalog.unnest(s.setconfig) c (setting)
        CROSS JOIN LATERAL pg_catalog.regexp_match(c.setting,
            '^pgmeta\.deployment=([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/([0-9]{1,9})/([0-9a-f]+)$') m (parts)
    WHERE s.setrole = 0 AND m.parts IS NOT NULL;

-- The latest deployment of each definition, and what it says of its state.
CREATE VIEW pgmeta_registry.states AS
    SELECT d.id AS definition, l.error, v.deployed_version,
        CASE WHEN l.error IS NOT NULL THEN 'error' WHEN v.deployed_version IS NULL THEN 'created'
            WHEN v.deployed_version <> d.version THEN 'outdated' ELSE 'deployed' END AS status
    FROM pgmeta_registry.definitions d
    LEFT JOIN pgmeta_registry.marks m ON m.database = d.deployed_database AND m.definition = d.id
    CROSS JOIN LATERAL (SELECT COALESCE(m.version, d.deployed_version) AS deployed_version) v
    LEFT JOIN LATERAL (SELECT p.error FROM pgmeta_registry.deployments p WHERE p.definition = d.id ORDER BY p.id DESC LIMIT 1) l ON true;

-- What the current role may read.
CREATE VIEW pgmeta.definitions WITH (security_barrier) AS
    SELECT d.id, d.name, d.description, s.status, d.version, s.deployed_version, d.deployed_schema, d.deployed_database, d.owner,
        d.created_at, d.updated_at, d.deleted_at,
        (SELECT pg_catalog.array_agg(DISTINCT u.word ORDER BY u.word)
            FROM pgmeta_registry.role_rights r, pg_catalog.unnest(r.rights) u (word)
            WHERE r.definition = d.id AND r.role = (SELECT o.oid FROM pg_catalog.pg_roles o WHERE o.rolname = CURRENT_USER)) AS rights
    FROM pgmeta_registry.definitions d JOIN pgmeta_registry.states s ON s.definition = d.id
    WHERE d.id IN (SELECT r.definition FROM pgmeta_registry.role_rights r
        WHERE r.role = (SELECT o.oid FROM pg_catalog.pg_roles o WHERE o.rolname = CURRENT_USER));

CREATE VIEW pgmeta.definition_versions WITH (security_barrier) AS
    SELECT v.definition, d.name, v.version, v.message, v.fingerprint, v.author, v.created_at, v.document
    FROM pgmeta_registry.versions v JOIN pgmeta.definitions d ON d.id = v.definition;

CREATE VIEW pgmeta.definition_deployments WITH (security_barrier) AS
    SELECT p.id, p.definition, d.name, p.action, p.from_version, p.to_version, p.target, p.role, p.started_at, p.duration_ms, p.steps,
        p.error, p.sqlstate, p.detail
    FROM pgmeta_registry.deployments p JOIN pgmeta.definitions d ON d.id = p.definition;

CREATE VIEW pgmeta.definition_events WITH (security_barrier) AS
    SELECT e.id, e.definition, d.name, e.at, e.role, e.event, e.detail
    FROM pgmeta_registry.events e JOIN pgmeta.definitions d ON d.id = e.definition;

CREATE VIEW pgmeta.definition_grants WITH (security_barrier) AS
    SELECT g.definition, d.name, g.role, g.rights, g.granted_by, g.granted_at
    FROM pgmeta_registry.grants g JOIN pgmeta.definitions d ON d.id = g.definition;

CREATE VIEW pgmeta.definition_comments WITH (security_barrier) AS
    SELECT c.id, c.definition, d.name, c.parent, c.path, c.text, c.author, c.created_at, c.resolved_by, c.resolved_at
    FROM pgmeta_registry.comments c JOIN pgmeta.definitions d ON d.id = c.definition;

-- Each shows only what the current role may read. A role still needs USAGE on schema pgmeta.
GRANT SELECT ON pgmeta.definitions, pgmeta.definition_versions, pgmeta.definition_deployments, pgmeta.definition_events,
    pgmeta.definition_grants, pgmeta.definition_comments TO PUBLIC;

-- Without this, pg_dump does not dump the rows.
SELECT pg_catalog.pg_extension_config_dump('pgmeta_registry.definitions', '');
SELECT pg_catalog.pg_extension_config_dump('pgmeta_registry.versions', '');
SELECT pg_catalog.pg_extension_config_dump('pgmeta_registry.snapshots', '');
SELECT pg_catalog.pg_extension_config_dump('pgmeta_registry.deployments', '');
SELECT pg_catalog.pg_extension_config_dump('pgmeta_registry.deployments_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('pgmeta_registry.events', '');
SELECT pg_catalog.pg_extension_config_dump('pgmeta_registry.events_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('pgmeta_registry.grants', '');
SELECT pg_catalog.pg_extension_config_dump('pgmeta_registry.comments', '');
SELECT pg_catalog.pg_extension_config_dump('pgmeta_registry.comments_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('pgmeta_registry.templates', '');

-- The following objects are created in the extension's own schema.
SET LOCAL search_path = @extschema@, pg_temp;

-- requires:
--   registry

-- Overloads of the functions with snapshot arguments. A text is the name of a saved snapshot or a JSON document; untyped literals
-- resolve to text. Some drivers send json. All overloads call the same C functions, which look at the types of their arguments.

-- Pins the search_path: the schema that CREATE EXTENSION chooses may contain functions and operators of other roles.
SET LOCAL search_path = pg_catalog, pg_temp;

DO $$
DECLARE
    changes CONSTANT pg_catalog.text := 'TABLE (ordinal pg_catalog.int4, change pg_catalog.text, type pg_catalog.text, schema pg_catalog.text,
        name pg_catalog.text, identity pg_catalog.text, detail pg_catalog.jsonb)';
    steps CONSTANT pg_catalog.text := 'TABLE (step pg_catalog.int4, transaction pg_catalog.int4, statement pg_catalog.text, hazards pg_catalog.text[],
        lock_level pg_catalog.text, lock_timeout_ms pg_catalog.int4, statement_timeout_ms pg_catalog.int4, rewrites pg_catalog.text[],
        reason pg_catalog.text, type pg_catalog.text, identity pg_catalog.text)';
    findings CONSTANT pg_catalog.text := 'TABLE (rule pg_catalog.text, level pg_catalog.text, category pg_catalog.text, type pg_catalog.text,
        schema pg_catalog.text, name pg_catalog.text, identity pg_catalog.text, column_name pg_catalog.text, title pg_catalog.text,
        description pg_catalog.text, detail pg_catalog.text, remediation pg_catalog.text, fix_sql pg_catalog.text,
        metadata pg_catalog.jsonb, cache_key pg_catalog.text)';
    options CONSTANT pg_catalog.text := 'options pg_catalog.jsonb DEFAULT ''{}''';
    -- Name and arguments, with `%1$s` and `%2$s` for the types of snapshots; result; volatility.
    of_two CONSTANT pg_catalog.text[] := ARRAY[
        ['pgmeta_diff(source %1$s, target %2$s, ' OPERATOR(pg_catalog.||) options OPERATOR(pg_catalog.||) ')', changes, 'STABLE'],
        ['pgmeta_plan(source %1$s, target %2$s, ' OPERATOR(pg_catalog.||) options OPERATOR(pg_catalog.||) ')', steps, 'STABLE'],
        ['pgmeta_migration(source %1$s, target %2$s, format pg_catalog.text DEFAULT ''plain'', name pg_catalog.text DEFAULT ''migration'','
            ' version pg_catalog.text DEFAULT NULL, ' OPERATOR(pg_catalog.||) options OPERATOR(pg_catalog.||) ')',
            'TABLE (path pg_catalog.text, content pg_catalog.text)', 'STABLE'],
        ['pgmeta_lint_plan(source %1$s, target %2$s, ' OPERATOR(pg_catalog.||) options OPERATOR(pg_catalog.||) ')', findings, 'STABLE']];
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
        ['pgmeta_discover(snapshot %1$s, ' OPERATOR(pg_catalog.||) options OPERATOR(pg_catalog.||) ')', 'pg_catalog.jsonb', 'STABLE'],
        ['pgmeta_drift(name %1$s, ' OPERATOR(pg_catalog.||) options OPERATOR(pg_catalog.||) ')', changes, 'STABLE'],
        ['pgmeta_lint(snapshot %1$s, ' OPERATOR(pg_catalog.||) options OPERATOR(pg_catalog.||) ')', findings, 'STABLE']];
    types CONSTANT pg_catalog.text[] := '{{text,text},{json,json},{jsonb,text},{text,jsonb}}';
    pair pg_catalog.text[];
    declared pg_catalog.text[];
BEGIN
    FOREACH pair SLICE 1 IN ARRAY types LOOP
        FOREACH declared SLICE 1 IN ARRAY of_two OPERATOR(pg_catalog.||) of_one LOOP
            -- pgmeta_diff(text, text), pgmeta_discover(text) and pgmeta_lint(text) are other functions: a text may be the name of a schema.
            CONTINUE WHEN pair OPERATOR(pg_catalog.=) '{text,text}' AND declared[1] OPERATOR(pg_catalog.~) '^pgmeta_(diff|discover|lint)\(';
            CONTINUE WHEN pair[1] OPERATOR(pg_catalog.<>) pair[2] AND declared[1] OPERATOR(pg_catalog.!~~) '%\%2$s%';
            EXECUTE pg_catalog.format('CREATE FUNCTION %s.%s RETURNS %s %s PARALLEL UNSAFE LANGUAGE c AS %L, %L', '@extschema@',
                pg_catalog.format(declared[1], 'pg_catalog.' OPERATOR(pg_catalog.||) pair[1], 'pg_catalog.' OPERATOR(pg_catalog.||) pair[2]),
                declared[2], declared[3], 'MODULE_PATHNAME',
                pg_catalog.split_part(declared[1], '(', 1) OPERATOR(pg_catalog.||) '_wrapper');
        END LOOP;
    END LOOP;
END
$$;

-- The following objects are created in the extension's own schema.
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

CREATE FUNCTION "pgmeta_api"(
	"method" text,
	"path" text,
	"query" jsonb DEFAULT '{}',
	"body" jsonb DEFAULT NULL
) RETURNS jsonb
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_api_wrapper';

CREATE FUNCTION "pgmeta_api_openapi"() RETURNS jsonb
IMMUTABLE STRICT PARALLEL SAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_api_openapi_wrapper';

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

CREATE FUNCTION "pgmeta_capabilities"(
	"dialect" text DEFAULT 'postgresql',
	"version" text DEFAULT NULL
) RETURNS TABLE (
	"feature" text,
	"supported" bool,
	"since" text,
	"note" text
)
STABLE PARALLEL SAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_capabilities_wrapper';

CREATE FUNCTION "pgmeta_comment_coverage"(
	"schemas" text[] DEFAULT NULL
) RETURNS TABLE (
	"schema" text,
	"type" text,
	"total" bigint,
	"commented" bigint,
	"percent" NUMERIC
)
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'comment_coverage_of_array_wrapper';

CREATE FUNCTION "pgmeta_comment_coverage"(
	"schemas" text
) RETURNS TABLE (
	"schema" text,
	"type" text,
	"total" bigint,
	"commented" bigint,
	"percent" NUMERIC
)
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'comment_coverage_of_text_wrapper';

CREATE FUNCTION "pgmeta_context"(
	"schemas" text[] DEFAULT NULL,
	"max_chars" INT DEFAULT 20000,
	"options" jsonb DEFAULT '{}'
) RETURNS text
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'context_of_array_wrapper';

CREATE FUNCTION "pgmeta_context"(
	"schemas" text,
	"max_chars" INT DEFAULT 20000,
	"options" jsonb DEFAULT '{}'
) RETURNS text
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'context_of_text_wrapper';

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

CREATE FUNCTION "pgmeta_definition_comment"(
	"definition" text,
	"path" text,
	"text" text
) RETURNS bigint
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_definition_comment_wrapper';

CREATE FUNCTION "pgmeta_definition_comment_reply"(
	"comment" bigint,
	"text" text
) RETURNS bigint
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_definition_comment_reply_wrapper';

CREATE FUNCTION "pgmeta_definition_comment_resolve"(
	"comment" bigint
) RETURNS VOID
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_definition_comment_resolve_wrapper';

CREATE FUNCTION "pgmeta_definition_complexity"(
	"document" jsonb
) RETURNS jsonb
IMMUTABLE PARALLEL SAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_definition_complexity_wrapper';

CREATE FUNCTION "pgmeta_definition_copy"(
	"definition" text,
	"name" text
) RETURNS uuid
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_definition_copy_wrapper';

CREATE FUNCTION "pgmeta_definition_create"(
	"name" text,
	"document" jsonb,
	"message" text DEFAULT NULL,
	"options" jsonb DEFAULT '{}'
) RETURNS uuid
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_definition_create_wrapper';

CREATE FUNCTION "pgmeta_definition_delete"(
	"definition" text
) RETURNS VOID
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_definition_delete_wrapper';

CREATE FUNCTION "pgmeta_definition_deploy"(
	"definition" text,
	"version" INT DEFAULT NULL,
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"step" INT,
	"statement" text,
	"duration_ms" double precision
)
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_definition_deploy_wrapper';

CREATE FUNCTION "pgmeta_definition_diff"(
	"definition" text,
	"from_version" INT,
	"to_version" INT
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
AS 'MODULE_PATHNAME', 'pgmeta_definition_diff_wrapper';

CREATE FUNCTION "pgmeta_definition_export"(
	"definition" text,
	"format" text
) RETURNS TABLE (
	"path" text,
	"content" text
)
STABLE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_definition_export_wrapper';

CREATE FUNCTION "pgmeta_definition_from"(
	"schemas" text[] DEFAULT NULL,
	"options" jsonb DEFAULT '{}'
) RETURNS jsonb
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'definition_of_array_wrapper';

CREATE FUNCTION "pgmeta_definition_from"(
	"schemas" text,
	"options" jsonb DEFAULT '{}'
) RETURNS jsonb
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'definition_of_text_wrapper';

CREATE FUNCTION "pgmeta_definition_get"(
	"definition" text,
	"version" INT DEFAULT NULL
) RETURNS jsonb
STABLE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_definition_get_wrapper';

CREATE FUNCTION "pgmeta_definition_impact"(
	"definition" text,
	"to_version" INT
) RETURNS TABLE (
	"type" text,
	"identity" text,
	"effect" text,
	"detail" text
)
STABLE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_definition_impact_wrapper';

CREATE FUNCTION "pgmeta_definition_import"(
	"format" text,
	"content" text,
	"options" jsonb DEFAULT '{}'
) RETURNS jsonb
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_definition_import_wrapper';

CREATE FUNCTION "pgmeta_definition_list"(
	"search" text DEFAULT NULL,
	"page" INT DEFAULT 1,
	"page_size" INT DEFAULT 20,
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"id" uuid,
	"name" text,
	"description" text,
	"status" text,
	"version" INT,
	"deployed_version" INT,
	"owner" text,
	"created_at" timestamp with time zone,
	"updated_at" timestamp with time zone,
	"total" bigint
)
STABLE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_definition_list_wrapper';

CREATE FUNCTION "pgmeta_definition_losses"(
	"document" jsonb,
	"dialect" text
) RETURNS TABLE (
	"path" text,
	"feature" text,
	"action" text,
	"detail" text
)
STABLE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_definition_losses_wrapper';

CREATE FUNCTION "pgmeta_definition_migration"(
	"definition" text,
	"from_version" INT,
	"to_version" INT,
	"format" text DEFAULT 'plain',
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"path" text,
	"content" text
)
STABLE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_definition_migration_wrapper';

CREATE FUNCTION "pgmeta_definition_purge"(
	"definition" text
) RETURNS VOID
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_definition_purge_wrapper';

CREATE FUNCTION "pgmeta_definition_rename"(
	"definition" text,
	"name" text
) RETURNS VOID
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_definition_rename_wrapper';

CREATE FUNCTION "pgmeta_definition_restore"(
	"definition" text
) RETURNS VOID
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_definition_restore_wrapper';

CREATE FUNCTION "pgmeta_definition_rollback"(
	"definition" text,
	"to_version" INT,
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"step" INT,
	"statement" text,
	"duration_ms" double precision
)
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_definition_rollback_wrapper';

CREATE FUNCTION "pgmeta_definition_schema"() RETURNS jsonb
IMMUTABLE STRICT PARALLEL SAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_definition_schema_wrapper';

CREATE FUNCTION pgmeta_definition_share(definition text, role regrole, rights text[]) RETURNS void VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'pgmeta_definition_share_wrapper';

CREATE FUNCTION "pgmeta_definition_sql"(
	"document" jsonb,
	"dialect" text DEFAULT 'postgresql',
	"options" jsonb DEFAULT '{}'
) RETURNS text
STABLE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_definition_sql_wrapper';

CREATE FUNCTION "pgmeta_definition_status"(
	"definition" text
) RETURNS jsonb
STABLE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_definition_status_wrapper';

CREATE FUNCTION "pgmeta_definition_undeploy"(
	"definition" text,
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"step" INT,
	"statement" text,
	"duration_ms" double precision
)
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_definition_undeploy_wrapper';

CREATE FUNCTION "pgmeta_definition_update"(
	"definition" text,
	"document" jsonb,
	"message" text DEFAULT NULL,
	"expected_version" INT DEFAULT NULL
) RETURNS INT
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_definition_update_wrapper';

CREATE FUNCTION "pgmeta_definition_validate"(
	"document" jsonb,
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"path" text,
	"code" text,
	"level" text,
	"message" text,
	"hint" text
)
STABLE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_definition_validate_wrapper';

CREATE FUNCTION "pgmeta_diagram"(
	"schemas" text[] DEFAULT NULL,
	"format" text DEFAULT 'mermaid',
	"options" jsonb DEFAULT '{}'
) RETURNS text
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'diagram_of_array_wrapper';

CREATE FUNCTION "pgmeta_diagram"(
	"schemas" text,
	"format" text DEFAULT 'mermaid',
	"options" jsonb DEFAULT '{}'
) RETURNS text
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'diagram_of_text_wrapper';

CREATE FUNCTION "pgmeta_dialect_losses"(
	"schemas" text[],
	"dialect" text,
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"path" text,
	"feature" text,
	"action" text,
	"detail" text
)
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'dialect_losses_of_array_wrapper';

CREATE FUNCTION "pgmeta_dialect_losses"(
	"snapshot" jsonb,
	"dialect" text,
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"path" text,
	"feature" text,
	"action" text,
	"detail" text
)
IMMUTABLE PARALLEL SAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'dialect_losses_of_snapshot_wrapper';

CREATE FUNCTION "pgmeta_dialect_losses"(
	"schemas" text,
	"dialect" text,
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"path" text,
	"feature" text,
	"action" text,
	"detail" text
)
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'dialect_losses_of_text_wrapper';

CREATE FUNCTION "pgmeta_dialect_sql"(
	"schemas" text[],
	"dialect" text,
	"options" jsonb DEFAULT '{}'
) RETURNS text
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'dialect_sql_of_array_wrapper';

CREATE FUNCTION "pgmeta_dialect_sql"(
	"snapshot" jsonb,
	"dialect" text,
	"options" jsonb DEFAULT '{}'
) RETURNS text
IMMUTABLE PARALLEL SAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'dialect_sql_of_snapshot_wrapper';

CREATE FUNCTION "pgmeta_dialect_sql"(
	"schemas" text,
	"dialect" text,
	"options" jsonb DEFAULT '{}'
) RETURNS text
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'dialect_sql_of_text_wrapper';

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

CREATE FUNCTION "pgmeta_discover"(
	"schemas" text[] DEFAULT NULL,
	"options" jsonb DEFAULT '{}'
) RETURNS jsonb
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'discover_of_array_wrapper';

CREATE FUNCTION "pgmeta_discover"(
	"schemas" text,
	"options" jsonb DEFAULT '{}'
) RETURNS jsonb
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'discover_of_text_wrapper';

CREATE FUNCTION "pgmeta_discover"(
	"snapshot" jsonb,
	"options" jsonb DEFAULT '{}'
) RETURNS jsonb
STABLE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_discover_wrapper';

CREATE FUNCTION "pgmeta_discover_schema"() RETURNS jsonb
IMMUTABLE STRICT PARALLEL SAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_discover_schema_wrapper';

CREATE FUNCTION "pgmeta_discovery_stats"() RETURNS TABLE (
	"section" text,
	"calls" bigint,
	"rows" bigint,
	"total_ms" double precision,
	"max_ms" double precision,
	"cached" bigint
)
STRICT VOLATILE PARALLEL RESTRICTED
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_discovery_stats_wrapper';

CREATE FUNCTION "pgmeta_document"(
	"schemas" text[] DEFAULT NULL,
	"format" text DEFAULT 'html',
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"path" text,
	"content" text
)
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'document_of_array_wrapper';

CREATE FUNCTION "pgmeta_document"(
	"schemas" text,
	"format" text DEFAULT 'html',
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"path" text,
	"content" text
)
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'document_of_text_wrapper';

CREATE FUNCTION "pgmeta_document_to_directory"(
	"directory" text,
	"schemas" text[] DEFAULT NULL,
	"format" text DEFAULT 'html',
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"path" text,
	"action" text
)
VOLATILE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'document_to_directory_of_array_wrapper';

CREATE FUNCTION "pgmeta_document_to_directory"(
	"directory" text,
	"schemas" text,
	"format" text DEFAULT 'html',
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"path" text,
	"action" text
)
VOLATILE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'document_to_directory_of_text_wrapper';

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

CREATE FUNCTION "pgmeta_import_sqlite"(
	"database" bytea,
	"options" jsonb DEFAULT '{}'
) RETURNS jsonb
IMMUTABLE PARALLEL SAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'import_sqlite_of_bytes_wrapper';

CREATE FUNCTION "pgmeta_import_sqlite"(
	"path" text,
	"options" jsonb DEFAULT '{}'
) RETURNS jsonb
VOLATILE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'import_sqlite_of_file_wrapper';

CREATE FUNCTION "pgmeta_lint"(
	"schemas" text[] DEFAULT NULL,
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"rule" text,
	"level" text,
	"category" text,
	"type" text,
	"schema" text,
	"name" text,
	"identity" text,
	"column_name" text,
	"title" text,
	"description" text,
	"detail" text,
	"remediation" text,
	"fix_sql" text,
	"metadata" jsonb,
	"cache_key" text
)
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'lint_of_array_wrapper';

CREATE FUNCTION "pgmeta_lint"(
	"schemas" text,
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"rule" text,
	"level" text,
	"category" text,
	"type" text,
	"schema" text,
	"name" text,
	"identity" text,
	"column_name" text,
	"title" text,
	"description" text,
	"detail" text,
	"remediation" text,
	"fix_sql" text,
	"metadata" jsonb,
	"cache_key" text
)
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'lint_of_text_wrapper';

CREATE FUNCTION "pgmeta_lint"(
	"snapshot" jsonb,
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"rule" text,
	"level" text,
	"category" text,
	"type" text,
	"schema" text,
	"name" text,
	"identity" text,
	"column_name" text,
	"title" text,
	"description" text,
	"detail" text,
	"remediation" text,
	"fix_sql" text,
	"metadata" jsonb,
	"cache_key" text
)
STABLE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_lint_wrapper';

CREATE FUNCTION "pgmeta_lint_plan"(
	"source" jsonb,
	"target" jsonb,
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"rule" text,
	"level" text,
	"category" text,
	"type" text,
	"schema" text,
	"name" text,
	"identity" text,
	"column_name" text,
	"title" text,
	"description" text,
	"detail" text,
	"remediation" text,
	"fix_sql" text,
	"metadata" jsonb,
	"cache_key" text
)
STABLE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_lint_plan_wrapper';

CREATE FUNCTION "pgmeta_lint_rules"() RETURNS TABLE (
	"rule" text,
	"level" text,
	"enabled" bool,
	"category" text,
	"title" text,
	"description" text,
	"rationale" text,
	"example_bad" text,
	"example_good" text,
	"options" jsonb,
	"peers" text[]
)
IMMUTABLE STRICT PARALLEL SAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_lint_rules_wrapper';

CREATE FUNCTION "pgmeta_lint_sarif"(
	"schemas" text[] DEFAULT NULL,
	"options" jsonb DEFAULT '{}'
) RETURNS jsonb
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'sarif_of_array_wrapper';

CREATE FUNCTION "pgmeta_lint_sarif"(
	"schemas" text,
	"options" jsonb DEFAULT '{}'
) RETURNS jsonb
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'sarif_of_text_wrapper';

CREATE FUNCTION "pgmeta_lint_sql"(
	"sql" text,
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"statement" INT,
	"line" INT,
	"rule" text,
	"level" text,
	"category" text,
	"type" text,
	"schema" text,
	"name" text,
	"identity" text,
	"column_name" text,
	"title" text,
	"description" text,
	"detail" text,
	"remediation" text,
	"fix_sql" text,
	"metadata" jsonb,
	"cache_key" text,
	"locks" text[],
	"rewrites" text[]
)
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_lint_sql_wrapper';

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

CREATE FUNCTION "pgmeta_recommendations"(
	"schemas" text[] DEFAULT NULL,
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"rule" text,
	"level" text,
	"category" text,
	"type" text,
	"schema" text,
	"name" text,
	"identity" text,
	"column_name" text,
	"title" text,
	"description" text,
	"detail" text,
	"remediation" text,
	"fix_sql" text,
	"metadata" jsonb,
	"cache_key" text
)
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'recommendations_of_array_wrapper';

CREATE FUNCTION "pgmeta_recommendations"(
	"schemas" text,
	"options" jsonb DEFAULT '{}'
) RETURNS TABLE (
	"rule" text,
	"level" text,
	"category" text,
	"type" text,
	"schema" text,
	"name" text,
	"identity" text,
	"column_name" text,
	"title" text,
	"description" text,
	"detail" text,
	"remediation" text,
	"fix_sql" text,
	"metadata" jsonb,
	"cache_key" text
)
STABLE PARALLEL UNSAFE 
LANGUAGE c
AS 'MODULE_PATHNAME', 'recommendations_of_text_wrapper';

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

CREATE FUNCTION "pgmeta_template_apply"(
	"name" text,
	"parameters" jsonb DEFAULT '{}'
) RETURNS jsonb
STABLE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_template_apply_wrapper';

CREATE FUNCTION "pgmeta_template_create"(
	"name" text,
	"document" jsonb,
	"description" text DEFAULT NULL
) RETURNS VOID
VOLATILE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_template_create_wrapper';

CREATE FUNCTION "pgmeta_template_get"(
	"name" text
) RETURNS jsonb
STABLE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_template_get_wrapper';

CREATE FUNCTION "pgmeta_template_list"() RETURNS TABLE (
	"name" text,
	"description" text,
	"parameters" jsonb
)
STRICT STABLE PARALLEL UNSAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_template_list_wrapper';

CREATE FUNCTION "pgmeta_version"() RETURNS text
IMMUTABLE STRICT PARALLEL SAFE
LANGUAGE c
AS 'MODULE_PATHNAME', 'pgmeta_version_wrapper';

CREATE FUNCTION pgmeta_archive_policy_create(name text, parent regclass, storage text, retention bigint, options jsonb DEFAULT '{}') RETURNS void VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'policy_create_by_keys_wrapper';

CREATE FUNCTION pgmeta_archive_policy_create(name text, parent regclass, storage text, retention text, options jsonb DEFAULT '{}') RETURNS void VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'policy_create_by_text_wrapper';

CREATE FUNCTION pgmeta_archive_policy_create(name text, parent regclass, storage text, retention interval, options jsonb DEFAULT '{}') RETURNS void VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'policy_create_by_time_wrapper';

CREATE FUNCTION pgmeta_relationships(schemas text[] DEFAULT NULL, options jsonb DEFAULT '{}') RETURNS TABLE(name text, kind text, schema text, table_name text, columns text[], parent_schema text, parent_table text, parent_columns text[], cardinality text, parent_cardinality text, through text, virtual boolean, strategy text, cycle integer, on_delete text, on_update text, "deferrable" boolean, validated boolean) STABLE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'relationships_of_array_wrapper';

CREATE FUNCTION pgmeta_relationships(schemas text, options jsonb DEFAULT '{}') RETURNS TABLE(name text, kind text, schema text, table_name text, columns text[], parent_schema text, parent_table text, parent_columns text[], cardinality text, parent_cardinality text, through text, virtual boolean, strategy text, cycle integer, on_delete text, on_update text, "deferrable" boolean, validated boolean) STABLE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', 'relationships_of_text_wrapper';

-- finalize
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

