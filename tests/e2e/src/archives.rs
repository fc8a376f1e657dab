//! Common code of the tests of archives: a table with old partitions, a storage, and checks that must always hold.

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

/// Ten months of old rows, and one month that is not old.
const MONTHS: &str = "CREATE TABLE ev (id int, at timestamptz NOT NULL, t text) PARTITION BY RANGE (at);
SELECT format('CREATE TABLE ev_%s PARTITION OF ev FOR VALUES FROM (%L) TO (%L)', m, d, d + interval '1 month')
FROM generate_series(1, 10) m, LATERAL (SELECT '2024-01-01'::timestamptz + (m - 1) * interval '1 month') x (d) \\gexec
CREATE TABLE ev_new PARTITION OF ev FOR VALUES FROM ('2099-01-01') TO ('2099-02-01');
INSERT INTO ev SELECT g, '2024-01-01'::timestamptz + g * interval '1 hour', md5(g::text) FROM generate_series(1, 7000) g;
INSERT INTO ev SELECT g, '2099-01-02', 'new' FROM generate_series(1, 10) g;";

/// The number of rows to archive, wherever they are.
pub const ROWS: &str = "7000";

/// Runs a statement that archives, and waits until the workers that it starts have ended. A starting worker is in no view
/// of the server.
pub fn work(database: &Database<'_>, way: &str) -> Outcome {
    // Up to 14, the server's statistics collector gets the counters of changes up to a second later.
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

/// Returns a database with a storage `cold`, and its folder.
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

/// Returns a store, and a database with a policy that uses it.
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

/// Checks that every valid archive verifies, and that the archives contain all rows that the table lacks.
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

/// Likewise, for rows that were restored and archived again: their first archive exists too.
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

/// Kills a server process with SIGKILL, which restarts the whole server; returns whether the process existed.
pub fn kill_backend(own: &Server, pid: &str) -> Result<bool> {
    let killed = Command::new("kill").args(["-9", pid]).status()?;
    // The server notices it after a moment.
    std::thread::sleep(Duration::from_millis(200));
    let begun = Instant::now();
    while !own.run_psql("postgres", "postgres", "SELECT 1")?.ok {
        ensure!(begun.elapsed() < Duration::from_secs(60), "the server does not come back");
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(killed.success())
}
