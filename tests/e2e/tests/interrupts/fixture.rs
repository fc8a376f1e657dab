//! A separate server, and databases with everything that the calls need and the module that ends them.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};
use pgmeta_core::plan::Hazard;
use pgmeta_e2e::archives::{files, wait_for};
use pgmeta_e2e::{Database, Outcome, Server, repository, run, server};
use tempfile::TempDir;

use super::calls::CALLS;

pub struct Fixture {
    pub server: Server,
    folder: TempDir,
}

impl Fixture {
    pub fn start() -> Result<Self> {
        let server = server()?.start()?;
        // The module counts messages to the log.
        server.psql(
            "postgres",
            "ALTER SYSTEM SET max_worker_processes = 64;\nALTER SYSTEM SET log_min_messages = info",
        )?;
        server.restart()?;
        let roles = repository().join("tests/fixtures/roles.sql");
        server.psql("postgres", &fs::read_to_string(roles)?)?;
        // The server runs as another user.
        let folder = tempfile::tempdir()?;
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777))?;
        build(folder.path())?;
        Ok(Self { server, folder })
    }

    /// Returns a database that no other test uses.
    pub fn database(&self, label: &str) -> Result<Database<'_>> {
        let database = Database::create_on(&self.server, label)?;
        database.psql("CREATE EXTENSION pgmeta")?;
        database.run_script(&repository().join("tests/fixtures/sample_app.sql"))?;
        let own = self.folder.path().join(database.name());
        fs::create_dir(&own)?;
        fs::set_permissions(&own, fs::Permissions::from_mode(0o777))?;
        let words: Vec<&str> = Hazard::ALL.iter().map(|hazard| hazard.word()).collect();
        database.psql(&format!(
            "\\set module '{}'\n\\set folder '{}'\n\\set url file://:folder\n\\set allowed '{}'\n{TOOLS}{OBJECTS}",
            self.folder.path().join("raise.so").display(),
            own.display(),
            serde_json::json!({"allow_hazards": words, "schemas": ["ap"]}),
        ))?;
        for (at, call) in CALLS.iter().enumerate() {
            database.psql(&format!(
                "CREATE FUNCTION fx.before_{at}() RETURNS void LANGUAGE plpgsql AS $before$
                BEGIN PERFORM fx.arm('nothing', '00000', 0); {} END $before$",
                call.before
            ))?;
        }
        Ok(database)
    }
}

/// Compiles the module into the folder.
fn build(folder: &Path) -> Result<()> {
    let config = std::env::var("PG_CONFIG")?;
    let headers = run(Command::new(config).arg("--includedir-server"), "")?.checked("pg_config")?;
    // A copied installation has its headers in the original's folder.
    let places =
        [PathBuf::from(headers.trim()), format!("/usr/include/postgresql/{}/server", server()?.major()?).into()];
    let headers = places.iter().find(|place| place.join("postgres.h").exists());
    ensure!(headers.is_some(), "no postgres.h in {places:?}: install the server's headers");
    let mut cc = Command::new("cc");
    cc.args(["-O1", "-Wall", "-Werror", "-shared", "-fPIC"])
        .args(headers.map(|place| format!("-I{}", place.display())));
    cc.arg("-o").arg(folder.join("raise.so")).arg(repository().join("tests/e2e/fixtures/raise.c"));
    run(&mut cc, "")?.checked("cc").map(drop)
}

/// The module's functions, and a table of results that is written in separate transactions.
const TOOLS: &str = "
CREATE SCHEMA fx;
CREATE FUNCTION fx.arm(how text, code text, moment int) RETURNS void LANGUAGE c STRICT AS :'module', 'raise_arm';
CREATE FUNCTION fx.seen() RETURNS int LANGUAGE c AS :'module', 'raise_seen';
CREATE FUNCTION fx.messages() RETURNS int LANGUAGE c AS :'module', 'raise_messages';
CREATE FUNCTION fx.fired() RETURNS bool LANGUAGE c AS :'module', 'raise_fired';
CREATE FUNCTION fx.state() RETURNS text LANGUAGE c AS :'module', 'raise_state';
CREATE FUNCTION fx.same(before text, now text) RETURNS text LANGUAGE sql AS
    $$ SELECT COALESCE(string_agg(b || ' is now ' || n, ', '), 'same')
        FROM unnest(string_to_array(before, E'\\n'), string_to_array(now, E'\\n')) u (b, n) WHERE b IS DISTINCT FROM n $$;
CREATE FUNCTION fx.session() RETURNS text LANGUAGE sql AS $$ SELECT fx.state() || E'\\nadvisory locks ' || count(*)
    FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory' $$;
CREATE TABLE fx.tried (call int, context text, trial int, how text, code text, moment int, outcome text, fired bool, state text);
";

/// The objects that the calls use.
const OBJECTS: &str = r#"
CREATE TABLE fx.documents (name text PRIMARY KEY, document jsonb);
CREATE FUNCTION fx.document(wanted text) RETURNS jsonb STABLE LANGUAGE sql AS
    $$ SELECT document FROM fx.documents WHERE name = wanted $$;
CREATE TABLE fx.path AS SELECT :'folder' || '/tree' AS path;
CREATE FUNCTION fx.folder() RETURNS text STABLE LANGUAGE sql AS 'SELECT path FROM fx.path';
CREATE OPERATOR fx.<<< (LEFTARG = int, RIGHTARG = int, FUNCTION = int4lt);
CREATE COLLATION fx.collation FROM "C";
CREATE TEXT SEARCH CONFIGURATION fx.config (COPY = simple);
CREATE TEXT SEARCH DICTIONARY fx.dictionary (TEMPLATE = simple);

CREATE SCHEMA re;
CREATE TYPE re.color AS ENUM ('red');
CREATE TABLE re.t (id int PRIMARY KEY, n int DEFAULT 1 CHECK (n > 0), c re.color);
INSERT INTO re.t SELECT g, g, 'red' FROM generate_series(1, 100) g;
CREATE VIEW re.v AS SELECT id, c FROM re.t;
CREATE FUNCTION re.f(int) RETURNS int LANGUAGE sql AS 'SELECT $1';
CREATE SCHEMA ap;
CREATE TABLE ap.t (id int PRIMARY KEY, n int);
INSERT INTO fx.documents SELECT name, pgmeta_snapshot(name) FROM unnest('{app,re}'::text[]) name;
INSERT INTO fx.documents VALUES ('allowed', :'allowed');
BEGIN;
ALTER TABLE re.t ADD note text; ALTER TABLE re.t ALTER n TYPE bigint; CREATE INDEX t_n ON re.t (n); DROP FUNCTION re.f(int);
ALTER TABLE ap.t ADD note text, ALTER n SET NOT NULL; CREATE TABLE ap.u (id int REFERENCES ap.t);
SELECT pgmeta_snapshot('re') AS re, pgmeta_snapshot('ap') AS ap \gset
ROLLBACK;
INSERT INTO fx.documents VALUES ('re_wanted', :'re'), ('ap_wanted', :'ap');
SELECT pgmeta_snapshot_save('saved', fx.document('re'));

CREATE SCHEMA broken;
CREATE FUNCTION broken.gone() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE VIEW broken.v AS SELECT broken.gone() AS a;
CREATE VIEW broken.w AS SELECT 1 AS a;
DELETE FROM pg_catalog.pg_proc WHERE pronamespace = 'broken'::regnamespace;

CREATE SERVER cold FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url :'url');
CREATE TABLE ev (id int, at timestamptz NOT NULL, t text) PARTITION BY RANGE (at);
CREATE TABLE ev_1 PARTITION OF ev FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
CREATE TABLE ev_2 PARTITION OF ev FOR VALUES FROM ('2024-02-01') TO ('2024-03-01');
CREATE TABLE ev_4 PARTITION OF ev FOR VALUES FROM ('2024-04-01') TO ('2024-05-01');
INSERT INTO ev SELECT g, '2024-01-02'::timestamptz + month * interval '1 month', 'x' FROM generate_series(1, 50) g, unnest('{0,1,3}'::int[]) month;
SELECT pgmeta_archive_policy_create('ev', 'ev', 'cold', interval '1 year');
SELECT pgmeta_archive('ev_1', 'cold');
SELECT pgmeta_archive('ev_2', 'cold', '{"retire": "drop"}');
-- The third is one that has failed.
INSERT INTO pgmeta.archive_records (policy, partition_oid, origin, partition, state, archived_by, archived_by_oid, started_at)
    SELECT 'ev', 'ev_4'::regclass, origin, 'public.ev_4', 'failed', archived_by, archived_by_oid, now() FROM pgmeta.archive_records WHERE id = 1;
-- One that is adopted again and again, and one that is deleted.
CREATE TABLE found AS SELECT g AS n FROM generate_series(1, 50) g;
SELECT pgmeta_archive('found', 'cold');
CREATE TABLE gone AS SELECT g AS n FROM generate_series(1, 50) g;
CREATE FUNCTION fx.gone() RETURNS bigint STABLE LANGUAGE sql AS
    $$ SELECT max(id) FROM pgmeta.archive_records WHERE partition = 'public.gone' $$;
CREATE TABLE numbers (n bigint NOT NULL) PARTITION BY RANGE (n);
CREATE TABLE idle (n bigint NOT NULL) PARTITION BY RANGE (n);
SELECT pgmeta_archive_policy_create('idle', 'idle', 'cold', 1);
CREATE TABLE run (n bigint NOT NULL) PARTITION BY RANGE (n);
CREATE TABLE run_2 PARTITION OF run FOR VALUES FROM (1000) TO (1100);
INSERT INTO run VALUES (1001);
SELECT pgmeta_archive_policy_create('runs', 'run', 'cold', 500, '{"retire": "drop", "max_attempts": 1000000}');
"#;

/// Checks that no session, worker, lock, scratch database or file of a call remains.
pub fn nothing_is_left(fixture: &Fixture, database: &Database<'_>) -> Outcome {
    database.psql("CALL pgmeta_archive_run('runs')")?;
    let others = "SELECT (SELECT count(*) FROM pg_stat_activity WHERE backend_type LIKE 'pgmeta%'),
        (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'), (SELECT count(*) FROM pg_database WHERE datname LIKE 'pgmeta%')";
    wait_for(database, "workers, locks, scratch databases", others, "0|0|0")?;
    let recorded = database.psql(
        "SELECT path FROM pgmeta.archive_files UNION ALL SELECT location FROM pgmeta.archives WHERE location IS NOT NULL",
    )?;
    let own = fixture.folder.path().join(database.name());
    let tree = own.join("tree");
    let there: Vec<_> = files(&own)?.into_iter().filter(|path| !path.starts_with(&tree)).collect();
    let orphans: Vec<_> = there.iter().filter(|path| !recorded.lines().any(|name| path.ends_with(name))).collect();
    ensure!(orphans.is_empty(), "{} of {} files are of no archive: {:#?}", orphans.len(), there.len(), orphans.first());
    Ok(())
}

/// Checks that the server's log contains only messages of these calls.
pub fn nothing_odd_in(log: &str) -> Outcome {
    const EXPECTED: [&str; 5] = [
        // A view that cannot be read, and a partition that was not archived.
        "could not read view broken.v",
        "could not archive ",
        "could not find what is due",
        "terminating connection due to administrator command",
        "terminating background worker \"pgmeta",
    ];
    let words = ["WARNING:", "FATAL:", "PANIC:", "TRAP:", "LOG:  server process"];
    let odd: Vec<&str> = log
        .lines()
        .filter(|line| words.iter().any(|word| line.contains(word)))
        .filter(|line| !EXPECTED.iter().any(|expected| line.contains(expected)))
        .collect();
    ensure!(odd.is_empty(), "{} odd lines: {:#?}", odd.len(), &odd[..odd.len().min(10)]);
    Ok(())
}
