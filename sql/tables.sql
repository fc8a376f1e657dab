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
