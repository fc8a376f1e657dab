//! Lint: what is wrong or risky in schemas or in a snapshot, and the rules that find it.

use std::collections::BTreeSet;

use pgmeta_core::model::Model;
use pgmeta_lint::{Need, Options, Outcome, PROFILES, RULES, Rule, Statistics, lint, sarif};
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;
use serde_json::{Map, Value, json};

use crate::api::rows::lint_row;
use crate::api::schemas::{list, read_schemas, remove_own};
use crate::api::{options, sides};
use crate::catalog::{self, Scope};
use crate::document::{Document, Given, JsonB};
use crate::encoding::{Text, Texts};
use crate::error::Error;
use crate::message::warn;
use crate::store;

lint_rows! {
    #[pg_extern(name = "pgmeta_lint", stable, parallel_unsafe)]
    fn lint_of_array(
        schemas: default!(Option<Texts>, "NULL"),
        options: default!(Option<Document>, "'{}'"),
    ) {
        let options = read_options(options)?;
        let names = read_schemas(schemas)?;
        live(names, &options).map(|outcome| outcome.findings.into_iter().map(lint_row))
    }
}

lint_rows! {
    /// A text names schemas, or a saved snapshot, or is one.
    #[pg_extern(name = "pgmeta_lint", stable, parallel_unsafe)]
    fn lint_of_text(schemas: Option<Text>, options: default!(Option<Document>, "'{}'")) {
        let options = read_options(options)?;
        of_text(schemas, &options).map(|outcome| outcome.findings.into_iter().map(lint_row))
    }
}

lint_rows! {
    #[pg_extern(stable, parallel_unsafe)]
    fn pgmeta_lint(snapshot: Option<Given>, options: default!(Option<Document>, "'{}'")) {
        let options = read_options(options)?;
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
    Ok(JsonB(sarif(&live(names, &read_options(options)?)?, env!("CARGO_PKG_VERSION"))))
}

#[pg_extern(name = "pgmeta_lint_sarif", stable, parallel_unsafe)]
fn sarif_of_text(schemas: Option<Text>, options: default!(Option<Document>, "'{}'")) -> Result<JsonB, ErrorReport> {
    Ok(JsonB(sarif(&of_text(schemas, &read_options(options)?)?, env!("CARGO_PKG_VERSION"))))
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

/// Reads options. Those of a stored profile are under those that are passed.
fn read_options(given: Option<Document>) -> Result<Options, Error> {
    let mut value = options::read(given, r#"{"min_level": "warning"}"#)?;
    let profile = value.get("profile").and_then(Value::as_str).map(str::to_owned);
    let stored = profile.filter(|name| !PROFILES.contains(&&*name.to_ascii_lowercase()));
    if let Some(stored) = stored.map(|name| store::lint_profile(&name)).transpose()?.flatten() {
        let mut merged: Map<String, Value> = match serde_json::from_str(stored.text()).map_err(Error::Options)? {
            Value::Object(merged) => merged,
            _ => Map::new(),
        };
        if let Value::Object(own) = &mut value {
            own.remove("profile");
            merged.extend(std::mem::take(own));
        }
        value = Value::Object(merged);
    }
    Ok(Options::from_value(&value)?)
}

/// Lints what a text names: a document is a snapshot, and so is the name of a saved one that no schema has.
fn of_text(text: Option<Text>, options: &Options) -> Result<Outcome, Error> {
    let Some(text) = text else { return live(None, options) };
    let text = text.into_string();
    let given = Given::of_text(text.clone());
    // An array literal names schemas.
    let is_array = text.trim_start().starts_with('{') && serde_json::from_str::<Value>(&text).is_err();
    if text.starts_with("snapshot:") || (matches!(given, Given::Document(_)) && !is_array) {
        return of_snapshot(given, options);
    }
    let names = read_schemas(list(Some(Text::from(&*text))))?;
    match live(names, options) {
        Err(Error::MissingSchemas { .. }) if store::is_saved(&text)? => of_snapshot(Given::of_text(text), options),
        outcome => outcome,
    }
}

/// Lints a snapshot, which has no statistics.
fn of_snapshot(snapshot: Given, options: &Options) -> Result<Outcome, Error> {
    let mut model = sides::snapshot("snapshot", snapshot)?.model()?;
    model.remove_own();
    let registered = registered(options)?;
    let statistics = registered.map(|registered| Statistics { registered: Some(registered), ..Statistics::default() });
    Ok(lint(&model, statistics.as_ref(), options))
}

/// Lints schemas of this database (`None`: all but the system's), by the model and by statistics.
pub fn live(schemas: Option<Vec<String>>, options: &Options) -> Result<Outcome, Error> {
    let scope = Scope { tolerant: true, ..Scope::of_schemas(schemas, true) };
    let outcome = catalog::read(&scope)?;
    for failure in outcome.failures {
        warn(&format!("object is not judged: {}", failure.into_error()));
    }
    let mut model = outcome.model;
    remove_own(&mut model, scope.schemas.as_deref(), false);
    let needs: BTreeSet<Need> = options.needs();
    let mut statistics = catalog::statistics(scope.schemas.as_deref(), &needs)?;
    statistics.registered = registered(options)?;
    Ok(lint(&model, Some(&statistics), options))
}

/// Returns the addresses of the objects of the saved snapshot that rule not_in_migrations compares with.
fn registered(options: &Options) -> Result<Option<BTreeSet<String>>, Error> {
    let Some(name) = options.text_of("not_in_migrations", "snapshot") else { return Ok(None) };
    let model: Model = store::named(&name)?.model()?;
    Ok(Some(model.objects().map(|object| object.object().key().to_string()).collect()))
}
