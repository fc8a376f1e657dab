//! What the tests of archives share: a table with old partitions, a storage, and what must always be true.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::stores::{Kind, Store};
use crate::{Database, Outcome, Server};

/// A partition with rows, and one without.
pub const TABLE: &str = "CREATE TABLE ev (id int, at timestamptz NOT NULL, t text) PARTITION BY RANGE (at);
CREATE TABLE ev_old PARTITION OF ev FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
CREATE TABLE ev_new PARTITION OF ev FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
INSERT INTO ev SELECT g, '2024-01-01'::timestamptz + g * interval '1 minute', 'x' || g FROM generate_series(1, 1000) g;";

/// Ten months of rows, which are old, and one that is not.
const MONTHS: &str = "CREATE TABLE ev (id int, at timestamptz NOT NULL, t text) PARTITION BY RANGE (at);
SELECT format('CREATE TABLE ev_%s PARTITION OF ev FOR VALUES FROM (%L) TO (%L)', m, d, d + interval '1 month')
FROM generate_series(1, 10) m, LATERAL (SELECT '2024-01-01'::timestamptz + (m - 1) * interval '1 month') x (d) \\gexec
CREATE TABLE ev_new PARTITION OF ev FOR VALUES FROM ('2099-01-01') TO ('2099-02-01');
INSERT INTO ev SELECT g, '2024-01-01'::timestamptz + g * interval '1 hour', md5(g::text) FROM generate_series(1, 7000) g;
INSERT INTO ev SELECT g, '2099-01-02', 'new' FROM generate_series(1, 10) g;";

/// What is to be archived, wherever it is now.
pub const ROWS: &str = "7000";

/// Runs what archives, and waits until the workers that it starts have ended. A worker that starts is in no view of the server's yet.
pub fn work(database: &Database<'_>, way: &str) -> Outcome {
    // Until 14, the server's statistics collector gets the counts of changes up to a second later.
    if crate::server()?.major()? < 15 {
        std::thread::sleep(Duration::from_millis(1500));
    }
    let started = database.psql(way)?;
    let pids: Vec<u32> = started.lines().filter_map(|line| line.parse().ok()).collect();
    let begun = Instant::now();
    while pids.iter().any(|pid| std::path::Path::new(&format!("/proc/{pid}")).exists()) {
        anyhow::ensure!(begun.elapsed() < Duration::from_secs(60), "workers {pids:?} do not end");
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

pub fn wait_for(database: &Database<'_>, what: &str, query: &str, expected: &str) -> Outcome {
    let begun = Instant::now();
    loop {
        let found = database.psql(query)?;
        if found == expected {
            return Ok(());
        }
        if begun.elapsed() > Duration::from_secs(60) {
            let states = database.psql("SELECT id, partition, state, error FROM pgmeta.archives ORDER BY id")?;
            anyhow::bail!("{what}: {found} is not {expected}\n{states}");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A database with a storage called `cold`, and its folder.
pub fn with_storage(label: &str) -> Result<(Database<'static>, tempfile::TempDir)> {
    use std::os::unix::fs::PermissionsExt;

    let database = Database::with_pgmeta(label)?;
    let folder = tempfile::tempdir()?;
    // The server runs as another user.
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777))?;
    database.psql(&format!(
        "CREATE SERVER cold FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 'file://{}')",
        folder.path().display()
    ))?;
    Ok((database, folder))
}

pub fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() { waiting.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    Ok(found)
}

pub fn data_file(folder: &Path) -> Result<PathBuf> {
    let files = files(folder)?;
    let file = files.into_iter().find(|path| !path.to_string_lossy().ends_with("manifest.json"));
    file.context("no data file")
}

/// A store, and a database with a policy of it.
pub fn with_policy<'a>(server: &'a Server, label: &str, options: &str) -> Result<(Database<'a>, Store)> {
    let store = Store::start(Kind::S3)?;
    let database = Database::create_on(server, label)?;
    database.psql("CREATE EXTENSION pgmeta")?;
    database.psql(&store.ddl("CURRENT_USER"))?;
    database.psql(MONTHS)?;
    database
        .psql(&format!("SELECT pgmeta_archive_policy_create('ev', 'ev', 'cold', interval '1 month', '{options}')"))?;
    Ok((database, store))
}

/// Every archive that counts is proved, and all its rows are what the table has lost.
pub fn nothing_is_lost(database: &Database<'_>, store: &Store) -> Outcome {
    let bad = database.psql(
        "SELECT count(*) FROM pgmeta.archives a, pgmeta_archive_verify(a.id) v WHERE a.state IN ('stored', 'retired') AND v.status <> 'ok'",
    )?;
    ensure!(bad == "0", "{bad} files are bad");
    let rows = database.psql(
        "SELECT COALESCE(sum(rows), 0) + (SELECT count(*) FROM ev WHERE at < '2099-01-01') FROM pgmeta.archives WHERE state = 'retired'",
    )?;
    ensure!(rows == ROWS, "there are {rows} rows, and were {ROWS}");
    let twice = database.psql(
        "SELECT partition FROM pgmeta.archives WHERE state IN ('stored', 'retired') GROUP BY partition HAVING count(*) > 1",
    )?;
    ensure!(twice.is_empty(), "archived twice: {twice}");
    let recorded = database.psql(
        "SELECT count(*) FROM (SELECT path FROM pgmeta.archive_files UNION ALL SELECT location FROM pgmeta.archives WHERE location IS NOT NULL) f",
    )?;
    let files = store.files()?;
    ensure!(files.len().to_string() == recorded, "{recorded} files are recorded, and these are there: {files:#?}");
    Ok(())
}

/// What was restored and archived again has its first archive too.
pub fn nothing_is_lost_of_restored(database: &Database<'_>, store: &Store) -> Outcome {
    let rows = database.psql("SELECT sum(rows) FROM pgmeta.archives WHERE state = 'retired'")?;
    ensure!(rows == ROWS, "there are {rows} rows, and were {ROWS}");
    let recorded = database.psql(
        "SELECT count(*) FROM (SELECT path FROM pgmeta.archive_files UNION ALL SELECT location FROM pgmeta.archives WHERE location IS NOT NULL) f",
    )?;
    let files = store.files()?;
    ensure!(files.len().to_string() == recorded, "{recorded} files are recorded, and these are there: {files:#?}");
    let orphans = database.psql(
        "SELECT count(*) FROM pgmeta.archive_records WHERE state IN ('failed', 'cancelled') AND stem IS NOT NULL",
    )?;
    ensure!(orphans == "0", "{orphans} attempts were not collected");
    Ok(())
}

/// kill -9 of a server process, which restarts the whole server; returns whether it was there still.
pub fn kill_backend(own: &Server, pid: &str) -> Result<bool> {
    let killed = Command::new("kill").args(["-9", pid]).status()?;
    // The server needs a moment to see it.
    std::thread::sleep(Duration::from_millis(200));
    let begun = Instant::now();
    while !own.run_psql("postgres", "postgres", "SELECT 1")?.ok {
        ensure!(begun.elapsed() < Duration::from_secs(60), "the server does not come back");
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(killed.success())
}
