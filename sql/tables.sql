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
