//! The snapshots in which the core's tests change every field (crates/pgmeta-core/tests/every_field.rs): they equal the
//! present snapshots of the fixtures. `PGMETA_ACCEPT=1` writes them.

use std::fs;

use anyhow::{Context, ensure};
use pgmeta_e2e::{Outcome, Source, origin, repository, server};
use serde_json::{Map, Value};

/// They are for PostgreSQL 15.
const MAJOR: u32 = 15;

/// The fixture that includes objects of the whole cluster: one is enough.
const WITH_CLUSTER: &str = "kinds";

#[test]
fn the_snapshots_of_fixtures_are_up_to_date() -> Outcome {
    if server()?.major()? != MAJOR {
        println!("skipped: the snapshots are those of PostgreSQL {MAJOR}");
        return Ok(());
    }
    let mut differ = Vec::new();
    for fixture in ["kinds", "hard_cases", "sample_app"] {
        let Some(origin) = origin(Source::Fixture(fixture))? else { continue };
        let query = format!(
            "SELECT pgmeta_snapshot(options => '{{\"secrets\": \"include\", \"cluster\": {}}}')",
            fixture == WITH_CLUSTER
        );
        let document: Map<String, Value> = serde_json::from_str(&origin.psql(&query)?)?;
        let found = text(document).with_context(|| fixture.to_owned())?;
        let path = repository().join(format!("tests/fixtures/snapshots/{fixture}.json"));
        if std::env::var_os("PGMETA_ACCEPT").is_some() {
            fs::write(&path, found)?;
        } else if fs::read_to_string(&path).unwrap_or_default() != found {
            differ.push(path.display().to_string());
        }
    }
    ensure!(differ.is_empty(), "not as they are read today: {}", differ.join(", "));
    Ok(())
}

/// Returns a document with one object per line, without objects that other tests create in the cluster.
fn text(mut document: Map<String, Value>) -> anyhow::Result<String> {
    // Each minor version has another number.
    document.insert("server_version_num".to_owned(), (MAJOR * 10_000).into());
    let mut lists = Vec::new();
    for (name, value) in document {
        let Value::Array(objects) = value else {
            lists.push(format!("\"{name}\": {value}"));
            continue;
        };
        let objects = objects.iter().filter(|object| is_own(&name, object));
        let lines: Vec<String> = objects.map(serde_json::to_string).collect::<Result<_, _>>()?;
        lists.push(format!("\"{name}\": [\n{}\n]", lines.join(",\n")));
    }
    Ok(format!("{{\n{}\n}}\n", lists.join(",\n")))
}

fn is_own(list: &str, object: &Value) -> bool {
    let starts = |key: &str, start: &str| object[key].as_str().is_some_and(|name| name.starts_with(start));
    match list {
        "roles" | "tablespaces" => starts("name", "pgmeta_fx"),
        "role_memberships" => starts("role", "pgmeta_fx"),
        "databases" => starts("name", "template1"),
        _ => true,
    }
}
