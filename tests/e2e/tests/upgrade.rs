//! ALTER EXTENSION pgmeta UPDATE from each released version: the catalog then equals that of a new installation, and the
//! rows are kept. The SQL of released versions is in sql/, and installed for the time of a test.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, ensure};
use pgmeta_e2e::{Database, Outcome, repository, same_text};

/// Released versions, the SHA-256 of their SQL, and statements that fill their tables. These never change.
const RELEASED: &[(&str, &str, &str)] = &[(
    "0.1.0",
    "7750dfb71b25812f8f17ef588b817f0857616dd65efac7c23fd4e62fb601762b",
    include_str!("upgrade/rows_0_1_0.sql"),
)];

const TABLES: &[&str] = &[
    "snapshot_names",
    "saved_snapshots",
    "archive_policies",
    "archive_records",
    "archive_stored_files",
    "archive_state_changes",
];

/// The SQL of a released version in the server's folder.
struct Installed(PathBuf);

impl Installed {
    fn new(version: &str) -> anyhow::Result<Self> {
        let config = std::env::var("PG_CONFIG").context("PG_CONFIG: run me under scripts/with_server.sh")?;
        let share = Command::new(config).arg("--sharedir").output()?.stdout;
        let name = format!("pgmeta--{version}.sql");
        let path = PathBuf::from(String::from_utf8(share)?.trim()).join("extension").join(&name);
        std::fs::copy(repository().join("sql").join(&name), &path).with_context(|| path.display().to_string())?;
        Ok(Self(path))
    }
}

impl Drop for Installed {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn released_files_never_change() -> Outcome {
    for (version, sum, _) in RELEASED {
        let path = repository().join(format!("sql/pgmeta--{version}.sql"));
        let output = String::from_utf8(Command::new("sha256sum").arg(&path).output()?.stdout)?;
        ensure!(output.split(' ').next() == Some(*sum), "{}: {output}", path.display());
    }
    Ok(())
}

#[test]
fn every_released_version_can_be_updated() -> Outcome {
    const MEMBERS: &str = include_str!("upgrade/members.sql");
    let fresh = Database::with_pgmeta("upgrade_fresh")?.psql(MEMBERS)?;
    ensure!(fresh.lines().count() > 200, "{fresh}");
    for (version, _, rows) in RELEASED {
        let _installed = Installed::new(version)?;
        let database = Database::create("upgrade")?;
        database.psql(&format!("CREATE EXTENSION pgmeta VERSION '{version}';\n\\o /dev/null\n{rows}"))?;
        let all: Vec<String> = TABLES
            .iter()
            .map(|table| format!("SELECT '{table}' AS name, to_jsonb(t) AS content FROM pgmeta.{table} t"))
            .collect();
        let all = all.join(" UNION ALL ");
        database.psql(&format!("CREATE TABLE public.before AS {all}"))?;
        database.psql("ALTER EXTENSION pgmeta UPDATE")?;
        same_text(&format!("members after an update from {version}"), &fresh, &database.psql(MEMBERS)?)?;
        let lost = format!(
            "SELECT b.name, b.content FROM public.before b
             WHERE NOT EXISTS (SELECT FROM ({all}) a WHERE a.name = b.name AND a.content @> b.content)"
        );
        let lost = database.psql(&lost)?;
        ensure!(lost.is_empty(), "rows that are others after the update from {version}: {lost}");
        let count =
            database.psql(&format!("SELECT count(*) FROM public.before UNION ALL SELECT count(*) FROM ({all}) a"))?;
        ensure!(count == "10\n10", "{count}");
        // Existing records can be used.
        let used = database.psql(
            "SELECT pgmeta_snapshot_load('release') ->> 'server_version_num';
             SELECT status FROM pgmeta_archive_validate('visits') WHERE name = 'owner';
             SELECT pgmeta_archive_policy_pause('visits'); SELECT paused FROM pgmeta.archive_policies;
             SELECT string_agg(state, ' ' ORDER BY id) FROM pgmeta.archives",
        )?;
        ensure!(used == "150000\nok\n\nt\nstored retired restored failed cancelled", "{used}");
    }
    Ok(())
}
