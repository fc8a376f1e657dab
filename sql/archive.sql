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
