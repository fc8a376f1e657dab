//! Rule trigger_function_shared.

use pgmeta_core::ident::qualified;
use pgmeta_core::model::ObjectKey;
use std::collections::{BTreeMap, BTreeSet};

use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Trigger function of several tables
    ///
    /// Reports functions that triggers of more than one table call. Triggers that partitions have from their parent do not count.
    ///
    /// # Why
    ///
    /// A change for one table changes the others, and the function has to work for the columns of all of them.
    ///
    /// # Fix
    ///
    /// Write one function for each table, unless the function is meant to be general.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.a (id bigint PRIMARY KEY);
    /// CREATE TABLE app.b (id bigint PRIMARY KEY);
    /// CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$;
    /// CREATE TRIGGER touch BEFORE UPDATE ON app.a FOR EACH ROW EXECUTE FUNCTION app.touch();
    /// CREATE TRIGGER touch BEFORE UPDATE ON app.b FOR EACH ROW EXECUTE FUNCTION app.touch();
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.a (id bigint PRIMARY KEY);
    /// CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$;
    /// CREATE TRIGGER touch BEFORE UPDATE ON app.a FOR EACH ROW EXECUTE FUNCTION app.touch();
    /// ```
    Rule {
        name: "trigger_function_shared",
        level: Level::Info,
        category: Category::Design,
        enabled: false,
        peers: &["pglinter:B009"],
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let mut users: BTreeMap<ObjectKey, BTreeSet<String>> = BTreeMap::new();
    for trigger in cx.model.triggers.iter().filter(|trigger| trigger.inherited_from.is_empty()) {
        pgmeta_core::interrupt::check();
        let Some(function) = &trigger.function else { continue };
        users.entry(function.key()).or_default().insert(qualified(&trigger.schema, &trigger.table));
    }
    for (function, tables) in users.into_iter().filter(|(_, tables)| tables.len() > 1) {
        let detail = format!("Triggers of {} tables call function {}.", tables.len(), function.identity());
        report.add(Draft::of(function, detail).fact("tables", tables.into_iter().collect::<Vec<_>>()));
    }
}
