//! Rule index_limits.

use crate::analysis::index_views;
use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, rule};
use crate::settings::RuleOption;

rule! {
    /// Index or table beyond a limit
    ///
    /// Reports indexes with more key columns than the option allows, indexes with one column twice, and tables with more indexes than
    /// the option allows. The indexes of constraints count; the parts of partitioned indexes are judged with these.
    ///
    /// # Why
    ///
    /// Every write maintains all indexes of a table. Of an index with many columns the last ones rarely narrow a search.
    ///
    /// # Fix
    ///
    /// Drop what no query uses.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.t (a int, b int);
    /// CREATE INDEX ON app.t (a, b, a);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.t (a int, b int);
    /// CREATE INDEX ON app.t (a, b);
    /// ```
    Rule {
        name: "index_limits",
        level: Level::Info,
        category: Category::Performance,
        enabled: false,
        options: &[MAX_COLUMNS, MAX_INDEXES],
        judge: Judge::Schema(check),
    }
}

const MAX_COLUMNS: RuleOption =
    RuleOption::number("max_columns", 5, "The number of key columns that an index may have.");
const MAX_INDEXES: RuleOption = RuleOption::number("max_indexes", 10, "The number of indexes that a table may have.");

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let limit = |option| usize::try_from(cx.number(option)).unwrap_or(usize::MAX);
    let (most_columns, most_indexes) = (limit(&MAX_COLUMNS), limit(&MAX_INDEXES));
    for table in cx.own_tables() {
        let views = index_views(cx.index, &table.schema, &table.name);
        let count = views.len();
        if count > most_indexes {
            let key = table.object_key();
            let detail = format!("Table {} has {count} indexes, and {most_indexes} are allowed.", key.identity());
            report.add(Draft::of(key, detail).fact("indexes", count).fact("max_indexes", most_indexes));
        }
        for view in &views {
            let (key, count) = (view.key(), view.keys.len());
            if count > most_columns {
                let detail = format!("Index {} has {count} columns, and {most_columns} are allowed.", view.name);
                let draft = Draft::of(key.clone(), detail).part("columns");
                report.add(draft.fact("columns", count).fact("max_columns", most_columns));
            }
            let repeated = view.keys.iter().enumerate().find(|(at, key)| {
                key.column.is_some() && view.keys[..*at].iter().any(|other| other.column == key.column)
            });
            if let Some(column) = repeated.and_then(|(_, key)| key.column) {
                let detail = format!("Index {} has the column {column} twice.", view.name);
                report.add(Draft::of(key, detail).part("repeated").fact("column", column));
            }
        }
    }
}
