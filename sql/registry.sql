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
