//! Rule missing_comment.

use pgmeta_core::model::ObjectRef;

use crate::analysis::own_columns;
use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, rule};
use crate::settings::RuleOption;

rule! {
    /// Object without a comment
    ///
    /// Reports objects of the types of the option that have no comment. With `all_or_nothing` columns are reported only in tables of
    /// which another column has one. Partitions, and columns that a parent hands down, are not reported.
    ///
    /// # Why
    ///
    /// The comment is where a reader looks for the meaning of a name.
    ///
    /// # Fix
    ///
    /// COMMENT ON it.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.t (id bigint PRIMARY KEY);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// COMMENT ON SCHEMA app IS 'Of the shop';
    /// CREATE TABLE app.t (id bigint PRIMARY KEY);
    /// COMMENT ON TABLE app.t IS 'Things';
    /// COMMENT ON COLUMN app.t.id IS 'Number of a thing';
    /// ```
    Rule {
        name: "missing_comment",
        level: Level::Info,
        category: Category::Naming,
        enabled: false,
        options: &[TYPES, ALL_OR_NOTHING],
        peers: &["pg-index-health:tables_without_description", "pg-index-health:columns_without_description", "pg-index-health:functions_without_description"],
        judge: Judge::Schema(check),
    }
}

const TYPES: RuleOption = RuleOption::list(
    "types",
    &["table", "view", "materialized view", "function", "procedure", "column"],
    "The types of objects that must have one: words of pg_identify_object, and column.",
);
const ALL_OR_NOTHING: RuleOption = RuleOption::flag(
    "all_or_nothing",
    false,
    "Whether columns need one only where another column of the table has one.",
);

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let types = cx.list(&TYPES);
    for object in cx.objects() {
        let (key, shared) = (object.object().key(), object.object().shared());
        let is_handed_down = object.is_inherited()
            || matches!(object, ObjectRef::Table(table) if cx.partitions.is_folded(table))
            || matches!(object, ObjectRef::Sequence(sequence) if sequence.owned_by.is_some());
        if types.iter().any(|own| own == key.kind.word()) && !is_handed_down && is_blank(shared.comment) {
            let detail = format!("There is no comment on {key}.");
            report.add(Draft::of(key, detail));
        }
    }
    if !types.iter().any(|own| own == "column") {
        return;
    }
    let all_or_nothing = cx.settings.flag(&ALL_OR_NOTHING);
    for (table, column) in own_columns(cx).filter(|(_, column)| is_blank(column.comment.as_deref())) {
        if !all_or_nothing || table.columns.iter().any(|own| !is_blank(own.comment.as_deref())) {
            let key = table.object_key();
            let detail = format!("There is no comment on column {} of table {}.", column.name, key.identity());
            report.add(Draft::of(key, detail).column(&column.name));
        }
    }
}

fn is_blank(comment: Option<&str>) -> bool {
    comment.is_none_or(|text| text.trim().is_empty())
}
