//! `pgmeta_export_to_directory`: its effects on its own and on other files.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use anyhow::{Result, ensure};
use pgmeta_e2e::{Database, Outcome, Tree};
use tempfile::TempDir;

const SCHEMA: &str = "CREATE SCHEMA app; CREATE TABLE app.a (id int PRIMARY KEY); CREATE TABLE app.b (id int); CREATE VIEW app.v AS SELECT 1 AS x;";

/// Returns a folder that the server may write to; its parent is removed at the end.
fn folder() -> Result<TempDir> {
    let folder = tempfile::Builder::new().prefix("pgmeta-e2e-dir.").tempdir()?;
    fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o777))?;
    Ok(folder)
}

fn write(database: &Database<'_>, target: &Path) -> Result<Vec<(String, String)>> {
    let rows =
        database.psql(&format!("SELECT path, action FROM pgmeta_export_to_directory('{}')", target.display()))?;
    Ok(rows
        .lines()
        .filter_map(|line| line.split_once('|'))
        .map(|(path, action)| (path.to_owned(), action.to_owned()))
        .collect())
}

fn only(rows: &[(String, String)], action: &str) -> Vec<String> {
    rows.iter().filter(|(_, own)| own == action).map(|(path, _)| path.clone()).collect()
}

#[test]
fn export_returns_the_action_for_each_file() -> Outcome {
    let database = Database::with_pgmeta("directory")?;
    database.psql(SCHEMA)?;
    let folder = folder()?;
    let target = folder.path().join("made");

    let first = write(&database, &target)?;
    ensure!(only(&first, "created").len() == first.len() && first.len() > 4, "{first:?}");
    let exported = Tree::from_rows(
        &database.psql("SELECT json_agg(json_build_array(path, content)) FROM pgmeta_export_files()")?,
    )?;
    ensure!(Tree::read(&target)? == exported, "the folder does not hold what pgmeta_export_files returns");

    // Without changes no file is written.
    let table = target.join("app/tables/a/table.sql");
    let before = fs::metadata(&table)?;
    let second = write(&database, &target)?;
    ensure!(only(&second, "unchanged").len() == second.len() && second.len() == first.len(), "{second:?}");
    let after = fs::metadata(&table)?;
    ensure!(before.ino() == after.ino() && before.mtime_nsec() == after.mtime_nsec(), "an unchanged file was written");

    // Files of other origin, one of which has a name that pgmeta could use.
    fs::set_permissions(target.join("app"), PermissionsExt::from_mode(0o777)).ok();
    let foreign = [target.join("README.md"), target.join("app/tables/mine.sql")];
    let mut written = Vec::new();
    for path in &foreign {
        // The folder belongs to the server's user; the test cannot write there as another user.
        if fs::write(path, "mine").is_ok() {
            written.push(path);
        }
    }
    database
        .psql("ALTER TABLE app.a ADD note text; DROP TABLE app.b; CREATE TABLE app.c (id int); DROP VIEW app.v;")?;
    let third = write(&database, &target)?;
    ensure!(only(&third, "updated").contains(&"app/tables/a/table.sql".to_owned()), "{third:?}");
    ensure!(only(&third, "updated").contains(&"install.sql".to_owned()), "{third:?}");
    ensure!(only(&third, "created") == ["app/tables/c/table.sql"], "{third:?}");
    ensure!(only(&third, "deleted") == ["app/tables/b/table.sql", "app/views/v.sql"], "{third:?}");
    ensure!(!target.join("app/views").exists() && !target.join("app/tables/b").exists(), "empty folders stay");
    ensure!(fs::metadata(&table)?.ino() != before.ino(), "a file was written in place rather than replaced");
    for path in written {
        ensure!(fs::read_to_string(path)? == "mine", "{} is not pgmeta's to touch", path.display());
        fs::remove_file(path)?;
    }
    let leftovers: Vec<_> = walk(&target)?.into_iter().filter(|path| path.contains(".tmp")).collect();
    ensure!(leftovers.is_empty(), "temporary files stay: {leftovers:?}");
    let exported = Tree::from_rows(
        &database.psql("SELECT json_agg(json_build_array(path, content)) FROM pgmeta_export_files()")?,
    )?;
    ensure!(Tree::read(&target)? == exported, "the folder does not hold what pgmeta_export_files returns");

    // A part of the database: other files are deleted only with the option.
    let part = |options: &str| {
        format!(
            "SELECT path, action FROM pgmeta_export_to_directory('{}', 'app', ARRAY['table'], '^c$', options => '{options}')",
            target.display()
        )
    };
    let message = database.error("postgres", &part("{}"))?;
    ensure!(message.contains("55000") && message.contains("app/tables/a/table.sql"), "{message}");
    ensure!(Tree::read(&target)? == exported, "a refused call has written");
    let rows = database.psql(&part("{\"prune\": true}"))?;
    ensure!(
        rows.contains("app/tables/a/table.sql|deleted") && rows.contains("app/tables/c/table.sql|unchanged"),
        "{rows}"
    );
    // From now on this is the selection.
    database.psql("ALTER TABLE app.c RENAME TO cc")?;
    let rows = database.psql(&part("{}"))?;
    ensure!(rows.contains("app/tables/c/table.sql|deleted"), "{rows}");
    // The new selection is wider: nothing is lost.
    ensure!(write(&database, &target)?.iter().any(|(path, _)| path == "app/tables/cc/table.sql"), "not written");
    Ok(())
}

/// A file of other origin at a path of the export is not overwritten, and nothing else is written.
#[test]
fn files_of_other_origin_are_not_overwritten() -> Outcome {
    let database = Database::with_pgmeta("directory")?;
    database.psql(SCHEMA)?;
    let folder = folder()?;
    let target = folder.path().join("target");
    for (at, path) in ["install.sql", "app/tables/a/table.sql", "app/schema.sql"].into_iter().enumerate() {
        let target = target.join(at.to_string());
        let mine = target.join(path);
        let above = mine.parent().unwrap_or(&target);
        fs::create_dir_all(above)?;
        for folder in above.ancestors().take_while(|above| *above != folder.path()) {
            fs::set_permissions(folder, PermissionsExt::from_mode(0o777))?;
        }
        fs::write(&mine, "mine")?;
        for _ in 0..2 {
            let call = format!("SELECT * FROM pgmeta_export_to_directory('{}')", target.display());
            let message = database.error("postgres", &call)?;
            ensure!(message.contains("58P02") && message.contains(path), "{message}");
            ensure!(fs::read_to_string(&mine)? == "mine" && walk(&target)? == [path], "{:?}", walk(&target)?);
        }
    }
    Ok(())
}

/// A folder or link at the path of a file is an error.
#[test]
fn links_cannot_lead_out_of_the_folder() -> Outcome {
    let database = Database::with_pgmeta("directory")?;
    database.psql(SCHEMA)?;
    let folder = folder()?;
    let (target, outside) = (folder.path().join("target"), folder.path().join("outside"));
    fs::create_dir(&target)?;
    fs::create_dir(&outside)?;
    for path in [&target, &outside] {
        fs::set_permissions(path, PermissionsExt::from_mode(0o777))?;
    }
    std::os::unix::fs::symlink(&outside, target.join("app"))?;
    let message =
        database.error("postgres", &format!("SELECT * FROM pgmeta_export_to_directory('{}')", target.display()))?;
    ensure!(message.contains("58030") && message.contains("symbolic link"), "{message}");
    ensure!(fs::read_dir(&outside)?.next().is_none(), "files were written through a link");
    Ok(())
}

#[test]
fn wrong_directories_are_errors() -> Outcome {
    let database = Database::with_pgmeta("directory")?;
    for (directory, code) in [
        ("'relative/path'", "22023"),
        ("NULL", "22023"),
        ("''", "22023"),
        ("'/proc/none/x'", "58030"),
        ("'/etc/passwd'", "58030"),
    ] {
        let message = database.error("postgres", &format!("SELECT * FROM pgmeta_export_to_directory({directory})"))?;
        ensure!(message.contains(code), "{directory}: {message}");
    }
    Ok(())
}

/// A manifest that lists files outside of the folder does not delete them.
#[test]
fn a_forged_manifest_deletes_no_files() -> Outcome {
    let database = Database::with_pgmeta("directory")?;
    database.psql(SCHEMA)?;
    let folder = folder()?;
    let (target, victim) = (folder.path().join("target"), folder.path().join("victim"));
    fs::create_dir(&target)?;
    fs::set_permissions(&target, PermissionsExt::from_mode(0o777))?;
    fs::write(&victim, "precious")?;
    write(&database, &target)?;
    let manifest = walk(&target)?.into_iter().find(|path| path.starts_with('.'));
    let Some(manifest) = manifest else { anyhow::bail!("no manifest") };
    let text = format!("{}../victim\n{}\n", fs::read_to_string(target.join(&manifest))?, victim.display());
    fs::remove_file(target.join(&manifest))?;
    fs::write(target.join(&manifest), text)?;
    fs::set_permissions(target.join(&manifest), PermissionsExt::from_mode(0o666))?;
    // The call may fail or ignore the files.
    let _ =
        database.run_as("postgres", &format!("SELECT * FROM pgmeta_export_to_directory('{}')", target.display()))?;
    ensure!(fs::read_to_string(&victim)? == "precious", "a file outside of the folder was deleted");
    Ok(())
}

fn walk(root: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut waiting = vec![root.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                waiting.push(path)
            } else {
                found.push(path.strip_prefix(root)?.to_string_lossy().into_owned())
            }
        }
    }
    Ok(found)
}
