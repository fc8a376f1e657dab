//! Random models: their DDL, loaded into a server, is read back as the same model (laws 2 and 4), and plans lead from one
//! to another.
//!
//! The cases are the same in every run. `PGMETA_SEED` (a number, or `random`) and `PGMETA_CASES` select others. A failure
//! prints the smallest failing model and the seed.

mod build;
mod parts;

use std::fmt::Debug;

use anyhow::{Context, Result, ensure};
use build::{GRANTEES, build};
use parts::{RawModel, changed, raw_model};
use pgmeta_core::ddl::{self, Options};
use pgmeta_core::ident::{ident, literal};
use pgmeta_core::model::Model;
use pgmeta_e2e::{Database, Outcome, applying, same_text, server};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use serde_json::{Value, json};

const SEED: u64 = 20_261_121;
const CASES: u32 = 120;

/// A model, another one, and the choice of its parts to take over.
type Parts = (RawModel, RawModel, Vec<bool>);

#[test]
fn random_models_are_read_back_unchanged() -> Outcome {
    let database = database("property")?;
    let major = server()?.major()?;
    check(CASES, &raw_model(), |raw| print(&build(raw, major)), |raw| round_trip(&database, &build(raw, major)))
}

#[test]
fn plans_lead_from_one_random_model_to_another() -> Outcome {
    let database = database("plans")?;
    let major = server()?.major()?;
    let models = (raw_model(), raw_model(), vec(any::<bool>(), 40..60));
    let both = |(old, other, picks): &Parts| (build(old, major), build(&changed(old, other, picks), major));
    let print_both = |raw: &Parts| {
        let (old, new) = both(raw);
        Ok(format!("{}\n===== becomes =====\n{}", print(&old)?, print(&new)?))
    };
    check(CASES / 2, &models, print_both, |raw| {
        let (old, new) = both(raw);
        there_and_back(&database, &old, &new)
    })
}

/// Returns a database with pgmeta, on a server with the roles that models name.
fn database(label: &str) -> Result<Database<'static>> {
    let database = Database::with_pgmeta(label)?;
    for role in GRANTEES.map(ident) {
        // Another test may do this concurrently.
        database.psql(&format!(
            "DO $do$ BEGIN CREATE ROLE {role}; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $do$"
        ))?;
    }
    Ok(database)
}

/// Tries random parts; prints the smallest failing ones.
fn check<S: Strategy<Value: Debug>>(
    cases: u32,
    parts: &S,
    print: impl Fn(&S::Value) -> Result<String>,
    test: impl Fn(&S::Value) -> Outcome,
) -> Outcome {
    let seed = match std::env::var("PGMETA_SEED").as_deref() {
        Ok("random") => std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.subsec_nanos().into(),
        Ok(number) => number.parse().context("PGMETA_SEED")?,
        Err(_) => SEED,
    };
    let cases = std::env::var("PGMETA_CASES").ok().map_or(Ok(cases), |text| text.parse())?;
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config { cases, max_shrink_iters: 300, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let result = runner.run(parts, |raw| test(&raw).map_err(|error| TestCaseError::fail(format!("{error:#}"))));
    match result {
        Ok(()) => Ok(()),
        Err(TestError::Fail(reason, raw)) => {
            anyhow::bail!("PGMETA_SEED={seed}: {reason}\n\nthe smallest such parts:\n{}", print(&raw)?)
        }
        Err(TestError::Abort(reason)) => anyhow::bail!("PGMETA_SEED={seed}: {reason}"),
    }
}

fn print(model: &Model) -> Result<String> {
    ddl::export(model, &Options::default(), || Ok::<(), anyhow::Error>(()), &pgmeta_core::parallel::Sequential)
}

/// Returns the names of a model's schemas as an SQL array.
fn schemas_of(model: &Model) -> String {
    let schemas: Vec<String> = model.schemas.iter().map(|schema| literal(&schema.name)).collect();
    format!("ARRAY[{}]::pg_catalog.text[]", schemas.join(", "))
}

/// Loads the model's DDL, reads the snapshot, and rolls back.
fn round_trip(database: &Database<'_>, model: &Model) -> Outcome {
    let script = print(model)?;
    let schemas = schemas_of(model);
    // The objects can be read in the transaction, before it is rolled back.
    let output = database.psql(&format!(
        "BEGIN;\n\\o /dev/null\n{script}\n\\o\nSELECT public.pgmeta_snapshot({schemas});\n\\echo =====\n\
         SELECT public.pgmeta_export({schemas});\nROLLBACK;"
    ));
    let output = output.with_context(|| format!("the DDL does not load:\n{script}"))?;
    let (snapshot, export) = output.split_once("\n=====\n").context("no snapshot")?;
    let snapshot: Value = serde_json::from_str(snapshot)?;
    let (wanted, found) = (comparable(serde_json::to_value(model)?), comparable(snapshot.clone()));
    same_text("the model and the snapshot", &pretty(&wanted)?, &pretty(&found)?)?;
    // The snapshot prints the loaded DDL, except for the order: only the server knows all dependencies.
    let printed = print(&Model::from_value(snapshot)?)?;
    same_text("the export and the DDL of the snapshot", export.trim_end(), printed.trim_end())?;
    let lines = |text: &str| -> Vec<String> {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort_unstable();
        lines
    };
    ensure!(
        lines(&printed) == lines(&script),
        "the snapshot prints other lines than the model:\n{script}\n=====\n{printed}"
    );
    Ok(())
}

fn pretty(value: &Value) -> Result<String> {
    Ok(serde_json::to_string_pretty(value)?)
}

/// Removes the dependencies: the server may find more than the model contains.
fn comparable(mut value: Value) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                fields.retain(|name, _| name != "depends_on" && name != "default_depends_on");
                fields.values_mut().for_each(strip);
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    strip(&mut value);
    value
}

/// Loads one model, applies the plan to the other, and the plan back; both times no steps remain.
fn there_and_back(database: &Database<'_>, old: &Model, new: &Model) -> Outcome {
    let mut schemas: Vec<&str> = old.schemas.iter().chain(&new.schemas).map(|schema| &*schema.name).collect();
    schemas.sort_unstable();
    schemas.dedup();
    // The server knows all dependencies; the loaded model may lack some.
    let snapshot = |model: &Model| -> Result<String> {
        let script = print(model)?;
        database.psql(&format!(
            "BEGIN;\n\\o /dev/null\n{script}\n\\o\nSELECT public.pgmeta_snapshot({});\nROLLBACK;",
            schemas_of(model)
        ))
    };
    let (before, after) = (snapshot(old)?, snapshot(new)?);
    let options = json!({ "schemas": schemas, "concurrently": false }).to_string();
    let mut script = format!("BEGIN;\n\\o /dev/null\n{}\n\\o\n", print(old)?);
    for target in [after, before] {
        script.push_str(&applying(&target, &options));
    }
    script.push_str("ROLLBACK;");
    let left = database.psql(&script)?;
    ensure!(left.trim().is_empty(), "the plan leaves differences:\n{left}");
    Ok(())
}
