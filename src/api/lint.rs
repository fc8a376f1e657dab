//! `pgmeta_lint`: finds faults and risks in schemas or in a snapshot; and the list of its rules.

use std::collections::BTreeSet;

use pgmeta_core::model::Model;
use pgmeta_lint::{Need, Options, Outcome, RULES, Rule, Statistics, lint, sarif};
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;
use serde_json::{Value, json};

use crate::api::rows::lint_row;
use crate::api::schemas::{list, read_schemas, remove_own};
use crate::api::{lint_options, sides};
use crate::catalog::{self, Scope};
use crate::encoding::{Text, Texts};
use crate::error::Error;
use crate::jsonb::{Document, JsonB, SnapshotArgument};
use crate::message::warn;
use crate::snapshot_store;

lint_rows! {
    #[pg_extern(name = "pgmeta_lint", stable, parallel_unsafe)]
    fn lint_of_array(
        schemas: default!(Option<Texts>, "NULL"),
        options: default!(Option<Document>, "'{}'"),
    ) {
        let options = lint_options::read(options)?;
        let names = read_schemas(schemas)?;
        live(names, &options).map(|outcome| outcome.findings.into_iter().map(lint_row))
    }
}

lint_rows! {
    /// The form with a text: names of schemas, the name of a saved snapshot, or a snapshot as JSON.
    #[pg_extern(name = "pgmeta_lint", stable, parallel_unsafe)]
    fn lint_of_text(schemas: Option<Text>, options: default!(Option<Document>, "'{}'")) {
        let options = lint_options::read(options)?;
        of_text(schemas, &options).map(|outcome| outcome.findings.into_iter().map(lint_row))
    }
}

lint_rows! {
    #[pg_extern(stable, parallel_unsafe)]
    fn pgmeta_lint(snapshot: Option<SnapshotArgument>, options: default!(Option<Document>, "'{}'")) {
        let options = lint_options::read(options)?;
        let outcome = snapshot.map(|snapshot| of_snapshot(snapshot, &options)).transpose();
        outcome.map(|outcome| outcome.unwrap_or_default().findings.into_iter().map(lint_row))
    }
}

#[pg_extern(name = "pgmeta_lint_sarif", stable, parallel_unsafe)]
fn sarif_of_array(
    schemas: default!(Option<Texts>, "NULL"),
    options: default!(Option<Document>, "'{}'"),
) -> Result<JsonB, ErrorReport> {
    let names = read_schemas(schemas)?;
    Ok(JsonB(sarif(&live(names, &lint_options::read(options)?)?, env!("CARGO_PKG_VERSION"))))
}

#[pg_extern(name = "pgmeta_lint_sarif", stable, parallel_unsafe)]
fn sarif_of_text(schemas: Option<Text>, options: default!(Option<Document>, "'{}'")) -> Result<JsonB, ErrorReport> {
    Ok(JsonB(sarif(&of_text(schemas, &lint_options::read(options)?)?, env!("CARGO_PKG_VERSION"))))
}

#[pg_extern(immutable, parallel_safe)]
#[expect(clippy::type_complexity, reason = "pgrx must see the columns of RETURNS TABLE")]
fn pgmeta_lint_rules() -> TableIterator<
    'static,
    (
        name!(rule, Text),
        name!(level, Text),
        name!(enabled, bool),
        name!(category, Text),
        name!(title, Text),
        name!(description, Text),
        name!(rationale, Text),
        name!(example_bad, Text),
        name!(example_good, Text),
        name!(options, JsonB),
        name!(peers, Texts),
    ),
> {
    TableIterator::new(RULES.iter().map(|rule| {
        let doc = rule.document();
        (
            rule.name.into(),
            rule.level.word().into(),
            rule.enabled,
            rule.category.word().into(),
            doc.title.into(),
            doc.description.into(),
            doc.rationale.into(),
            doc.example_bad.into(),
            doc.example_good.into(),
            JsonB(options_of(rule)),
            Texts(rule.peers.iter().map(|peer| Some((*peer).to_owned())).collect()),
        )
    }))
}

/// Returns the options of a rule, each with its default and its description.
fn options_of(rule: &Rule) -> Value {
    let of_one = |option: &pgmeta_lint::RuleOption| {
        let value = json!({"default": option.default_value().to_json(), "description": option.description});
        (option.name.to_owned(), value)
    };
    Value::Object(rule.options.iter().map(of_one).collect())
}

/// Lints what a text means: JSON is a snapshot; a name is a schema, or else a saved snapshot.
fn of_text(text: Option<Text>, options: &Options) -> Result<Outcome, Error> {
    let Some(text) = text else { return live(None, options) };
    let text = text.into_string();
    let given = SnapshotArgument::of_text(text.clone());
    // An array literal contains names of schemas.
    let is_array = text.trim_start().starts_with('{') && serde_json::from_str::<Value>(&text).is_err();
    if text.starts_with("snapshot:") || (matches!(given, SnapshotArgument::Document(_)) && !is_array) {
        return of_snapshot(given, options);
    }
    let names = read_schemas(list(Some(Text::from(&*text))))?;
    match live(names, options) {
        Err(Error::MissingSchemas { .. }) if snapshot_store::is_saved(&text)? => {
            of_snapshot(SnapshotArgument::of_text(text), options)
        }
        outcome => outcome,
    }
}

/// Lints a snapshot, for which there are no statistics.
fn of_snapshot(snapshot: SnapshotArgument, options: &Options) -> Result<Outcome, Error> {
    let mut model = sides::snapshot("snapshot", snapshot)?.model()?;
    model.remove_own();
    let registered = registered(options)?;
    let statistics = registered.map(|registered| Statistics { registered: Some(registered), ..Statistics::default() });
    Ok(lint(&model, statistics.as_ref(), options))
}

/// Lints schemas of this database (`None`: all except the system's), with their statistics.
pub fn live(schemas: Option<Vec<String>>, options: &Options) -> Result<Outcome, Error> {
    let (model, mut statistics) = read_live(schemas, &options.needs())?;
    statistics.registered = registered(options)?;
    Ok(lint(&model, Some(&statistics), options))
}

/// Reads the model of schemas of this database, and the statistics that are needed. Warns of objects that cannot be read.
pub fn read_live(schemas: Option<Vec<String>>, needs: &BTreeSet<Need>) -> Result<(Model, Statistics), Error> {
    let scope = Scope { tolerant: true, ..Scope::of_schemas(schemas, true) };
    let outcome = catalog::read(&scope)?;
    for failure in outcome.failures {
        warn(&format!("object is not judged: {}", failure.into_error()));
    }
    let mut model = outcome.model;
    remove_own(&mut model, scope.schemas.as_deref(), false);
    Ok((model, catalog::statistics(scope.schemas.as_deref(), needs)?))
}

/// Returns the addresses of the objects in the saved snapshot with which the rule not_in_migrations compares.
fn registered(options: &Options) -> Result<Option<BTreeSet<String>>, Error> {
    let Some(name) = options.text_of("not_in_migrations", "snapshot") else { return Ok(None) };
    let model: Model = snapshot_store::named(&name)?.model()?;
    Ok(Some(model.objects().map(|object| object.object().key().to_string()).collect()))
}
