//! Rule name_case.

use crate::analysis::{Named, all_named};
use crate::context::{Context, Report};
use crate::rule::{Category, Judge, Level, rule};
use crate::settings::RuleOption;

rule! {
    /// Name that has to be quoted
    ///
    /// Reports schemas, tables, views, their columns, sequences of their own, types and functions whose name has other characters
    /// than small letters, digits and underscores, or begins with a digit. The option says which types of objects. Keywords are
    /// another rule's.
    ///
    /// # Why
    ///
    /// Such a name must be in double quotes wherever it is written: without them the server looks for another name.
    ///
    /// # Fix
    ///
    /// Rename it, in the database and in the programs that use it.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app."OrderItems" (id bigint PRIMARY KEY);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.order_items (id bigint PRIMARY KEY);
    /// ```
    Rule {
        name: "name_case",
        level: Level::Info,
        category: Category::Naming,
        options: &[TYPES],
        peers: &["pglinter:B005", "pg-index-health:objects_not_following_naming_convention", "pg-index-health:columns_not_following_naming_convention"],
        judge: Judge::Schema(check),
    }
}

const TYPES: RuleOption = RuleOption::list(
    "types",
    &[
        "schema",
        "table",
        "foreign table",
        "view",
        "materialized view",
        "column",
        "sequence",
        "type",
        "function",
        "procedure",
    ],
    "The types of objects whose names are judged.",
);

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let types = cx.list(&TYPES);
    let is_judged = |named: &Named| types.iter().any(|own| own == named.type_word());
    for named in all_named(cx).filter(is_judged).filter(|named| !is_snake_case(&named.name)) {
        report.add(named.draft("must be quoted wherever it is named"));
    }
}

fn is_snake_case(name: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    name.chars().all(is_plain) && !name.starts_with(|c: char| c.is_ascii_digit()) && !name.is_empty()
}
