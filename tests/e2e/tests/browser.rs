//! Pages and pictures in Chromium, as a person sees them: `fixtures/browse.mjs` says what is tried. Screenshots stay in the
//! build folder, in `screenshots/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use pgmeta_e2e::stores::tool;
use pgmeta_e2e::{Database, Outcome, Tree, repository, run};

/// Returns the folder for screenshots, which a person can open after a run.
fn pictures(name: &str) -> Result<PathBuf> {
    let program = std::env::current_exe()?;
    let build = program.ancestors().nth(3).context("no build folder")?;
    let folder = build.join("screenshots").join(name);
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Opens each page of a site and asserts that nothing is wrong with it.
fn browse(site: &Path, name: &str, whole: bool) -> Outcome {
    let mut node = Command::new("node");
    node.arg(repository().join("tests/e2e/fixtures/browse.mjs"));
    node.arg(tool("diagrams/node_modules").context("run scripts/setup_diagram_tools.sh")?);
    node.args([site, &pictures(name)?]).args(whole.then_some("whole"));
    let output = run(&mut node, "")?.checked("browse.mjs")?;
    let (last, wrong) = output.trim_end().rsplit_once('\n').map_or((&*output, ""), |(rest, last)| (last, rest));
    ensure!(last.starts_with("{\"pages\":"), "{name}: {output}");
    ensure!(wrong.is_empty(), "{name}: {wrong}");
    Ok(())
}

/// Writes the pages of a fixture and its diagrams in all directions.
fn site(fixture: &str, folder: &Path) -> Outcome {
    let database = Database::with_fixture("browser", fixture)?;
    let rows = database.psql(
        "SELECT json_agg(json_build_array(path, content)) FROM pgmeta_document(options => '{\"virtual\": true}')",
    )?;
    Tree::from_rows(&rows)?.write(folder)?;
    for direction in ["LR", "RL", "TB", "BT"] {
        let options = format!(
            "{{\"direction\": \"{direction}\", \"comments\": true, \"virtual\": true, \"partitions\": \"show\", \"title\": \"<{fixture}>\"}}"
        );
        let picture = database.psql(&format!("SELECT pgmeta_diagram(NULL::text[], 'svg', '{options}')"))?;
        fs::write(folder.join(format!("{direction}.svg")), picture)?;
    }
    Ok(())
}

#[test]
fn the_sample_is_used_as_a_person_does() -> Outcome {
    let folder = tempfile::tempdir()?;
    site("sample_app", folder.path())?;
    browse(folder.path(), "sample_app", true)
}

#[test]
fn pages_of_strange_schemas_fit_their_windows() -> Outcome {
    for fixture in ["strange_names", "kinds", "hard_cases"] {
        let folder = tempfile::tempdir()?;
        site(fixture, folder.path())?;
        browse(folder.path(), fixture, false)?;
    }
    Ok(())
}
