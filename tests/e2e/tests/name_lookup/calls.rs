//! All calls of one role in one database: the psql scripts, `calls.sql`, and a concurrent archive.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use pgmeta_e2e::{Outcome, repository, run};

use super::stage::{CALM, Stage, shadows};

/// The caller and the database.
pub struct Call<'a> {
    pub database: &'a str,
    pub role: &'a str,
    /// The path that the session sets; the database has its own.
    pub path: Option<&'a str>,
    /// The names for which the caller itself has twins in `pg_temp`; `None` if no twin may exist.
    pub twins: Option<&'a str>,
}

/// Calls everything; returns the output.
pub fn calls(stage: &Stage, call: &Call<'_>) -> Result<String> {
    let path = call.path.map(|path| format!("SET search_path = {path};\n")).unwrap_or_default();
    let mut printed = scripts(stage, call)?;
    let busy = Busy::start(stage, call.database)?;
    let own = call.twins.map(|names| shadows("pg_temp", call.role, names)).unwrap_or_default();
    let directory = stage.folder(&format!("{}/directory", call.database))?;
    let mut psql = stage.server.program("psql");
    psql.args(["-XqAt", "-d", call.database, "-U", call.role, "-v"]).arg(format!("directory={}", directory.display()));
    let sqlite = directory.with_file_name("notes.db");
    let make = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY)')";
    run(Command::new("python3").args(["-c", make]).arg(&sqlite), "")?.checked("python3")?;
    psql.arg("-v").arg(format!("sqlite={}", sqlite.display()));
    psql.arg("-v").arg(format!("late={}", directory.with_file_name("late").display()));
    let output = run(psql.args(["-f", "-"]), &format!("{own}\n{path}{}", include_str!("calls.sql")))?;
    drop(busy);
    ensure!(
        output.stdout.contains("pgmeta_archive_policy_drop"),
        "calls.sql did not come to its end: {}",
        output.stderr
    );
    printed += &output.stdout;
    printed += &output.stderr;
    Ok(plain(&printed, call.database))
}

/// Runs the psql scripts: an export, and a plan with a step outside of transactions.
fn scripts(stage: &Stage, call: &Call<'_>) -> Result<String> {
    let files = stage.folder(&format!("{}/files", call.database))?;
    let target = files.join("target.json");
    let snapshot = "BEGIN; CREATE INDEX i1 ON app.person (id); CREATE INDEX i2 ON app.person (age); CREATE INDEX i3 ON app.person (born);
        SELECT tools.pgmeta_snapshot('app'::pg_catalog.text); ROLLBACK";
    std::fs::write(&target, stage.server.psql(CALM, snapshot)?)?;
    let script = |name: &str, set: &[String]| -> Result<String> {
        let mut psql = stage.server.program("psql");
        psql.args(["-Xq", "-d", call.database, "-U", call.role]);
        if let Some(path) = call.path {
            psql.args(["-c", &format!("SET search_path = {path}")]);
        }
        for set in set {
            psql.args(["-v", set]);
        }
        let output = run(psql.arg("-f").arg(repository().join("sql/psql").join(name)), "")?;
        Ok(format!("-- {name}\n{}{}", output.stdout, output.stderr))
    };
    let mut printed = script("export.sql", &[format!("directory={}", files.display()), "schemas=app".to_owned()])?;
    let mut tar = Command::new("sh");
    tar.arg("-c")
        .arg("cd \"$0\" && find . -type f ! -name '.*' ! -name target.json | sort | xargs sha256sum")
        .arg(&files);
    printed += &run(&mut tar, "")?.checked("sha256sum")?;
    let site = stage.folder(&format!("{}/pages", call.database))?;
    printed += &script(
        "document.sql",
        &[format!("directory={}", site.display()), "schemas=app".to_owned(), "options={\"sizes\": false}".to_owned()],
    )?;
    let options = "options={\"schemas\": [\"app\"], \"small_table_rows\": -1, \"allow_hazards\": [\"INDEX_BUILD\"]}";
    printed += &script("apply.sql", &[format!("target={}", target.display()), options.to_owned()])?;
    Ok(printed)
}

/// A session that archives a partition in an open transaction, so that there is progress to show. DROP SERVER would wait
/// for it, so it uses another storage than the calls.
struct Busy<'a> {
    stage: &'a Stage,
    database: &'a str,
    sessions: Vec<std::process::Child>,
}

impl<'a> Busy<'a> {
    fn start(stage: &'a Stage, database: &'a str) -> Result<Self> {
        let mut busy = Self { stage, database, sessions: Vec::new() };
        busy.session("BEGIN; LOCK TABLE app.busy_2020 IN ROW EXCLUSIVE MODE; SELECT pg_catalog.pg_sleep(300)")?;
        busy.wait("SELECT count(*) FROM pg_locks WHERE relation = 'app.busy_2020'::regclass AND granted")?;
        busy.session(
            "SELECT tools.pgmeta_archive('app.busy_2020'::pg_catalog.regclass, 'slow', '{\"retire\": \"drop\", \"lock_timeout\": 300000}')",
        )?;
        busy.wait("SELECT count(*) FROM pg_locks WHERE relation = 'app.busy_2020'::regclass AND NOT granted")?;
        Ok(busy)
    }

    fn session(&mut self, statements: &str) -> Outcome {
        let mut psql = self.stage.server.program("psql");
        // Superusers may shadow names in their own sessions; that is not tested.
        psql.env("PGOPTIONS", "-c search_path=pg_catalog,pg_temp").env("PGAPPNAME", "busy");
        psql.args(["-Xq", "-d", self.database, "-c", statements]);
        self.sessions.push(psql.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?);
        Ok(())
    }

    fn wait(&self, query: &str) -> Outcome {
        let begun = Instant::now();
        let query = format!("SET search_path = pg_catalog, pg_temp; {query}");
        while self.stage.server.psql(self.database, &query)? == "0" {
            ensure!(begun.elapsed() < Duration::from_secs(30), "{}: no session is busy", self.database);
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        let end = format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'busy' AND datname = '{}'",
            self.database
        );
        let _ = self.stage.server.psql("postgres", &end);
        for mut session in self.sessions.drain(..) {
            let _ = session.wait();
        }
    }
}

/// Removes the parts that differ between databases and calls.
fn plain(text: &str, database: &str) -> String {
    let mut plain = String::new();
    for line in text.lines().filter(|line| !line.starts_with("LOCATION:")) {
        // psql prints the line of its input, which the twins have moved.
        let line = match line.strip_prefix("psql:").and_then(|rest| rest.split_once(": ")) {
            Some((_, message)) => message,
            None => line,
        };
        plain += &line.replace(database, "DATABASE");
        plain.push('\n');
    }
    plain
}

/// Returns the first lines that differ, if any.
pub fn difference(what: &str, expected: &str, found: &str) -> Option<String> {
    if expected == found {
        return None;
    }
    let (expected, found): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), found.lines().collect());
    let at = expected.iter().zip(&found).take_while(|(a, b)| a == b).count();
    let of = |lines: &[&str]| {
        let some = lines.iter().skip(at).take(4).map(|line| line.chars().take(300).collect::<String>());
        some.collect::<Vec<_>>().join("\n        ")
    };
    let call =
        expected[..at.min(expected.len())].iter().rev().find(|line| line.contains("tools.") || line.starts_with("-- "));
    let call = call.map(|line| line.chars().take(200).collect::<String>()).unwrap_or_default();
    Some(format!("- {what}, after {call}\n    without: {}\n    with:    {}", of(&expected), of(&found)))
}
