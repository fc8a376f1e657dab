//! Random definitions on a server: what is deployed is read back as the same definition, and that deploys as itself.
//!
//! The cases are the same in every run. `PGMETA_SEED` (a number) and `PGMETA_CASES` select others. A failure prints the seed and the
//! smallest document that fails.

#[path = "../../../crates/pgmeta-definition/tests/random/mod.rs"]
mod random;

use anyhow::{Context, Error, Result, ensure};
use pgmeta_core::ident::{ident, literal};
use pgmeta_definition::{Definition, Target, from_model, to_model};
use pgmeta_e2e::{Database, Outcome, same_text, server};
use random::{Choices, Server, document, smallest};
use serde_json::{Value, json};

const SEED: u64 = 20_261_201;
const CASES: u64 = 120;

/// The number of choices of the largest documents.
const SIZE: usize = 1_200;

/// The first is everyone.
const ROLES: &[&str] = &["PUBLIC", "pgmeta_definition_reader", "pgmeta definition \"r\""];

#[test]
fn random_definitions_come_back() -> Outcome {
    let database = Database::with_pgmeta("random_definitions")?;
    for role in ROLES[1..].iter().map(|role| ident(role)) {
        // Another test may do this concurrently.
        database.psql(&format!(
            "DO $do$ BEGIN CREATE ROLE {role}; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $do$"
        ))?;
    }
    let has_contrib = database.psql("SELECT count(*) FROM pg_available_extensions WHERE name = 'citext'")? == "1";
    let own = Server {
        version: server()?.psql("postgres", "SHOW server_version_num")?.parse()?,
        roles: ROLES,
        extensions: if has_contrib { &["citext"] } else { &[] },
        is_free: false,
    };
    let of_environment = |name: &str, default: u64| match std::env::var(name) {
        Ok(text) => text.parse().with_context(|| name.to_owned()),
        Err(_) => Ok(default),
    };
    let (first, cases) = (of_environment("PGMETA_SEED", SEED)?, of_environment("PGMETA_CASES", CASES)?);
    let test = |numbers: &[u16]| comes_back(&database, &document(numbers, own), own.version);
    let numbers = |seed: u64| Choices::of_seed(seed, 10 + SIZE * (seed as usize % 50) / 50);
    let failed: Vec<(u64, Error)> =
        (first..first + cases).filter_map(|seed| test(&numbers(seed)).err().map(|error| (seed, error))).collect();
    let all: Vec<String> = failed.iter().map(|(seed, error)| format!("PGMETA_SEED={seed}: {error:#}")).collect();
    let Some((seed, error)) = failed.into_iter().next() else { return Ok(()) };
    let (numbers, error) = smallest(numbers(seed), error, test);
    let document = serde_json::to_string_pretty(&document(&numbers, own))?;
    anyhow::bail!("{}\n\nthe smallest document of the first:\n{document}\n{error:#}", all.join("\n"))
}

/// Deploys a document and reads it, twice; the second time what was read. All is rolled back.
fn comes_back(database: &Database<'_>, document: &Value, version: u32) -> Outcome {
    let definition = Definition::from_value(document.clone())?;
    let model = to_model(&definition, &Target { owner: "postgres".into(), server_version_num: version });
    let (mut expected, missing) = from_model(&model, definition.schema.as_deref());
    ensure!(missing.is_empty(), "{missing:?}");
    // They belong to the database, not to its schemas.
    expected.extensions.clear();
    let schemas: Vec<String> = model.schemas.iter().map(|schema| literal(&schema.name)).collect();
    let options = json!({"schema": definition.own_schema(), "warn": false}).to_string();
    let read = format!(
        "public.pgmeta_definition_from(ARRAY[{}]::pg_catalog.text[], {})",
        schemas.join(", "),
        quoted(&options)
    );
    let deploy = |document: &str| {
        format!("BEGIN;\n\\o /dev/null\nSELECT public.pgmeta_definition_sql({document}::jsonb) \\gexec\n\\o\n")
    };
    let output = database.psql(&format!(
        "{}SELECT {read}::text AS came \\gset\nROLLBACK;\n{}SELECT {read}::text AS again \\gset\nROLLBACK;\n\
         SELECT :'came';\nSELECT :'again';",
        deploy(&quoted(&document.to_string())),
        deploy(":'came'"),
    ))?;
    let (came, again) = output.split_once('\n').context("two lines")?;
    same_text(
        "the definition and what was deployed",
        &pretty(&serde_json::to_value(&expected)?)?,
        &pretty_text(came)?,
    )?;
    same_text("what was deployed and deploying it again", &pretty_text(came)?, &pretty_text(again)?)
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn pretty(value: &Value) -> Result<String> {
    Ok(serde_json::to_string_pretty(value)?)
}

fn pretty_text(text: &str) -> Result<String> {
    pretty(&serde_json::from_str(text)?)
}
