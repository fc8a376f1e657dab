//! Rule default_is_null_string.

use pgmeta_core::model::ObjectRef;

use crate::analysis::own_columns;
use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::fix::Fix;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Default that is the word NULL
    ///
    /// Reports columns and domains whose default is the text 'NULL', in any case.
    ///
    /// # Why
    ///
    /// Rows get the four letters instead of a null: somebody quoted the keyword.
    ///
    /// # Fix
    ///
    /// Drop the default. Rows that have the text already must be corrected.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.users (id bigint PRIMARY KEY, nickname text DEFAULT 'NULL');
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.users (id bigint PRIMARY KEY, nickname text DEFAULT NULL);
    /// ```
    Rule {
        name: "default_is_null_string",
        level: Level::Warning,
        category: Category::Design,
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    for (table, column) in own_columns(cx).filter(|(_, own)| own.generated.is_none()) {
        if column.default.as_deref().is_some_and(is_null_text) {
            let key = table.object_key();
            let detail = format!("The default of column {} of table {} is a text.", column.name, key.identity());
            // Partitions have a copy of it.
            let descendants = cx.index.descendants(table).into_iter().map(ObjectRef::Table);
            let fix = Fix::plan(cx, std::iter::once(ObjectRef::Table(table)).chain(descendants), |model| {
                let columns = model.tables.iter_mut().flat_map(|table| &mut table.columns);
                columns.filter(|own| own.name == column.name).for_each(|own| own.default = None);
            });
            report.add(Draft::of(key, detail).column(&column.name).fix(fix));
        }
    }
    for domain in cx.model.domains.iter().filter(|own| own.default.as_deref().is_some_and(is_null_text)) {
        let key = domain.object_key();
        let detail = format!("The default of domain {} is a text.", key.identity());
        let fix = Fix::plan(cx, [ObjectRef::Domain(domain)], |model| {
            model.domains.iter_mut().for_each(|own| own.default = None);
        });
        report.add(Draft::of(key, detail).fix(fix));
    }
}

/// Returns whether an expression is the quoted word alone, as the server prints it: with or without its type. Of JSON it is a value.
fn is_null_text(default: &str) -> bool {
    let literal = default.trim_matches(['(', ')']).trim();
    let (word, data_type) = literal.split_once("::").unwrap_or((literal, ""));
    let is_type = data_type.chars().all(|c| c.is_alphanumeric() || " _.,\"()[]".contains(c));
    word.eq_ignore_ascii_case("'null'") && is_type && !matches!(data_type, "json" | "jsonb")
}
