//! The psql scripts apply.sql and export.sql: what they reject, which files they keep, and that they restore the session's
//! state.

use std::fs;
use std::path::Path;

use anyhow::{Result, ensure};
use pgmeta_e2e::{Database, Outcome, Output, repository, run, server};
use tempfile::TempDir;

const SCHEMA: &str = "CREATE SCHEMA app; CREATE TABLE app.a (id int PRIMARY KEY); CREATE TABLE app.b (id int);
    CREATE SCHEMA other; CREATE VIEW other.v AS SELECT 1 AS x;";

/// Runs a script with variables, as `psql -f` does.
fn script(database: &Database<'_>, name: &str, variables: &[&str]) -> Result<Output> {
    let mut psql = server()?.program("psql");
    psql.args(["-Xq", "-d", database.name()]);
    for variable in variables {
        psql.args(["-v", variable]);
    }
    run(psql.arg("-f").arg(repository().join("sql/psql").join(name)), "")
}

/// Includes a script in a session; returns the session's variables and settings afterwards.
fn included(database: &Database<'_>, name: &str, variables: &str) -> Result<String> {
    let path = repository().join("sql/psql").join(name);
    let tell = "\\echo :ON_ERROR_STOP :SHOW_CONTEXT :QUIET\nSELECT current_setting('search_path'), current_setting('lock_timeout');";
    let mut psql = server()?.program("psql");
    psql.args(["-XAt", "-d", database.name()]);
    let input = format!(
        "\\set SHOW_CONTEXT always\nSET search_path = other, public;\nSET lock_timeout = '7s';\n{variables}\n\\i {}\n{tell}\n",
        path.display()
    );
    let output = run(&mut psql, &input)?;
    let lines: Vec<&str> = output.stdout.lines().collect();
    Ok(lines[lines.len().saturating_sub(2)..].join("\n"))
}

const AS_BEFORE: &str = "off always off\nother, public|7s";

/// Returns a file with the snapshot of a database after the changes.
fn target(folder: &TempDir, changes: &str) -> Result<String> {
    let donor = Database::with_pgmeta("scripts_donor")?;
    donor.psql(&format!("{SCHEMA}{changes}"))?;
    let path = folder.path().join("target.json");
    fs::write(&path, donor.psql("SELECT pgmeta_snapshot()")?)?;
    Ok(format!("target={}", path.display()))
}

#[test]
fn apply_rejects_hazards_unless_allowed() -> Outcome {
    let (database, folder) = (Database::with_pgmeta("scripts")?, tempfile::tempdir()?);
    database.psql(SCHEMA)?;
    let target = target(&folder, "DROP TABLE app.b; ALTER TABLE app.a ADD note text;")?;
    let there = "SELECT to_regclass('app.b') IS NOT NULL";

    for variables in [vec![&*target], vec![&target, "allow_hazards="], vec![&target, "allow_hazards=INDEX_BUILD"]] {
        let output = script(&database, "apply.sql", &variables)?;
        ensure!(
            !output.ok
                && output.stderr.contains("hazards that are not allowed: ACQUIRES_ACCESS_EXCLUSIVE_LOCK, DELETES_DATA"),
            "{output:?}"
        );
        ensure!(
            output.stdout.contains("of 2: DROP TABLE app.b  -- ACQUIRES_ACCESS_EXCLUSIVE_LOCK, DELETES_DATA"),
            "{output:?}"
        );
        ensure!(
            output.stdout.contains("of 2: ALTER TABLE app.a ADD COLUMN note text  -- ACQUIRES_ACCESS_EXCLUSIVE_LOCK\n"),
            "{output:?}"
        );
        ensure!(database.psql(there)? == "t", "a step was done");
    }
    let output = script(&database, "apply.sql", &[&target, "allow_hazards=DELETES_DATE"])?;
    ensure!(!output.ok && output.stderr.contains("unrecognized hazard"), "{output:?}");

    for more in [&["dry_run=1"][..], &["dry_run=on", "allow_hazards=DELETES_DATA"]] {
        let variables: Vec<&str> = [&[&*target], more].concat();
        let output = script(&database, "apply.sql", &variables)?;
        ensure!(output.ok && output.stdout.contains(", DELETES_DATA\n"), "{output:?}");
        ensure!(output.stdout.contains("dry run: nothing was changed"), "{output:?}");
        ensure!(database.psql(there)? == "t", "a dry run did a step");
    }
    let output = script(&database, "apply.sql", &[&target, "dry_run=perhaps"])?;
    ensure!(!output.ok && database.psql(there)? == "t", "{output:?}");

    let output =
        script(&database, "apply.sql", &[&target, "allow_hazards=acquires_access_exclusive_lock, deletes_data"])?;
    ensure!(output.ok && output.stdout.ends_with("done\n"), "{output:?}");
    ensure!(database.psql(there)? == "f", "the table is there");
    let output = script(&database, "apply.sql", &[&target])?;
    ensure!(output.ok && output.stdout == "nothing to do\n", "{output:?}");
    Ok(())
}

#[test]
fn apply_accepts_a_saved_snapshot() -> Outcome {
    let database = Database::with_pgmeta("scripts_saved")?;
    database.psql(&format!("{SCHEMA} SELECT pgmeta_snapshot_save('good'); ALTER TABLE app.b ADD note text;"))?;
    let output = script(
        &database,
        "apply.sql",
        &["snapshot=good", "allow_hazards=ACQUIRES_ACCESS_EXCLUSIVE_LOCK,DELETES_DATA"],
    )?;
    ensure!(output.ok && output.stdout.ends_with("done\n"), "{output:?}");
    ensure!(database.psql("SELECT count(*) FROM pgmeta_drift('good')")? == "0", "it differs");
    Ok(())
}

#[test]
fn apply_restores_the_session_state() -> Outcome {
    let (database, folder) = (Database::with_pgmeta("scripts_session")?, tempfile::tempdir()?);
    database.psql(SCHEMA)?;
    let target = target(&folder, "ALTER TABLE app.a ADD note text; ALTER TABLE app.b ADD CHECK (id > 0)")?;
    let set = format!("\\set {}", target.replacen('=', " ", 1));
    for variables in
        ["\\unset target".to_owned(), "\\set target /no/such/file".to_owned(), format!("{set}\n\\set schema app")]
    {
        let after = included(&database, "apply.sql", &variables)?;
        ensure!(after == AS_BEFORE, "{variables}: {after}");
    }
    // Rejected; failed in a step; applied; nothing to do.
    database.psql("INSERT INTO app.b VALUES (-1)")?;
    let options = "\\set options '{\"allow_hazards\": [\"INDEX_BUILD\", \"MAY_FAIL_ON_DATA\", \"FULL_TABLE_SCAN\", \"ACQUIRES_ACCESS_EXCLUSIVE_LOCK\"], \"small_table_rows\": 0}'";
    for more in ["", options] {
        let after = included(&database, "apply.sql", &format!("{set}\n{more}"))?;
        ensure!(after == AS_BEFORE, "{more}: {after}");
    }
    database.psql("DELETE FROM app.b")?;
    for _ in 0..2 {
        let after = included(&database, "apply.sql", &format!("{set}\n{options}"))?;
        ensure!(after == AS_BEFORE, "{after}");
    }
    Ok(())
}

fn export(database: &Database<'_>, folder: &Path, more: &[&str]) -> Result<Output> {
    let directory = format!("directory={}", folder.display());
    script(database, "export.sql", &[&[&*directory], more].concat())
}

#[test]
fn export_deletes_only_files_of_its_selection() -> Outcome {
    let (database, folder) = (Database::with_pgmeta("scripts_export")?, tempfile::tempdir()?);
    database.psql(SCHEMA)?;
    let tree = folder.path().join("tree");
    let output = export(&database, &tree, &[])?;
    ensure!(output.ok && output.stdout.contains("created other/views/v.sql"), "{output:?}");
    ensure!(export(&database, &tree, &["schemas=all"])?.stdout.is_empty(), "'all' is another choice than all");
    let table = tree.join("app/tables/b/table.sql");

    let output = export(&database, &tree, &["schemas="])?;
    ensure!(!output.ok && output.stderr.contains("invalid value \"\" for schemas") && table.exists(), "{output:?}");
    for narrower in ["schemas=other", "types=view", "name_pattern=^v$", "options={\"exclude\": [\"app\"]}"] {
        let output = export(&database, &tree, &[narrower])?;
        ensure!(!output.ok && output.stderr.contains("would be deleted: app/tables/b/table.sql"), "{output:?}");
        ensure!(output.stderr.contains("-v prune=1") && table.exists(), "{narrower}: {output:?}");
    }
    // If the selection is the same, files of dropped objects are deleted.
    database.psql("DROP TABLE app.b")?;
    let output = export(&database, &tree, &[])?;
    ensure!(output.ok && output.stdout.contains("deleted app/tables/b/table.sql"), "{output:?}");
    let output = export(&database, &tree, &["schemas=other", "prune=1"])?;
    ensure!(output.ok && output.stdout.contains("deleted app/tables/a/table.sql"), "{output:?}");
    let output = export(&database, &tree, &["schemas= other"])?;
    ensure!(output.ok && output.stdout.is_empty(), "{output:?}");
    let output = export(&database, &tree, &["schema=app"])?;
    ensure!(!output.ok && output.stderr.contains("no variable \"schema\""), "{output:?}");
    // The server's function updates files of the script, and vice versa.
    ensure!(fs::read_to_string(tree.join(".pgmeta-files"))?.contains("\n# schemas: other\n"), "no choice is listed");
    Ok(())
}

#[test]
fn export_changes_no_file_of_other_origin() -> Outcome {
    let (database, folder) = (Database::with_pgmeta("scripts_foreign")?, tempfile::tempdir()?);
    database.psql(SCHEMA)?;
    let tree = folder.path().join("tree");
    fs::create_dir_all(tree.join("app"))?;
    let mine = tree.join("install.sql");
    fs::write(&mine, "-- MY OWN")?;
    for _ in 0..2 {
        let output = export(&database, &tree, &[])?;
        ensure!(!output.ok && output.stderr.contains("not written by pgmeta: install.sql"), "{output:?}");
        ensure!(fs::read_to_string(&mine)? == "-- MY OWN" && !tree.join("app/schema.sql").exists(), "{output:?}");
    }
    fs::remove_file(&mine)?;
    ensure!(export(&database, &tree, &[])?.ok, "nothing is in the way");
    // A file with the same content may belong to anybody if the list of files is lost.
    fs::remove_file(tree.join(".pgmeta-files"))?;
    let output = export(&database, &tree, &[])?;
    ensure!(output.ok && output.stdout.is_empty(), "{output:?}");
    Ok(())
}

#[test]
fn export_restores_the_session_state() -> Outcome {
    let (database, folder) = (Database::with_pgmeta("scripts_export_session")?, tempfile::tempdir()?);
    database.psql(SCHEMA)?;
    let set = format!("\\set directory {}", folder.path().join("tree").display());
    for variables in ["", &format!("{set}\n\\set types table"), &set, &format!("{set}\n\\set schema app")] {
        let after = included(&database, "export.sql", variables)?;
        ensure!(after == AS_BEFORE, "{variables}: {after}");
    }
    Ok(())
}
