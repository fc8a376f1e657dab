//! Rule too_many_lobs.

use crate::analysis::ColumnType;
use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, rule};
use crate::settings::RuleOption;

rule! {
    /// Table with many columns of large values
    ///
    /// Reports tables with more columns of the types of the option than it allows. Arrays of them count, domains do not.
    ///
    /// # Why
    ///
    /// Every SELECT of all columns and every UPDATE moves the large values, and a row has to be written again as a whole for a small
    /// change.
    ///
    /// # Fix
    ///
    /// Move the large values into a table of their own, one row for each.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.people (id bigint PRIMARY KEY, photo bytea, signature bytea, passport bytea);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.people (id bigint PRIMARY KEY);
    /// CREATE TABLE app.pictures (person bigint REFERENCES app.people, kind text, content bytea, PRIMARY KEY (person, kind));
    /// ```
    Rule {
        name: "too_many_lobs",
        level: Level::Info,
        category: Category::Design,
        options: &[MAX_COLUMNS, TYPES],
        judge: Judge::Schema(check),
    }
}

const MAX_COLUMNS: RuleOption =
    RuleOption::number("max_columns", 2, "The number of such columns that a table may have.");
const TYPES: RuleOption = RuleOption::list("types", &["bytea", "oid", "xml", "lo"], "The types of large values.");

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let most = usize::try_from(cx.number(&MAX_COLUMNS)).unwrap_or(usize::MAX);
    let types = cx.list(&TYPES);
    for table in cx.own_tables() {
        let is_large = |name: &str| {
            let base = ColumnType::parse(name).base;
            types.iter().any(|own| *own == base || base.ends_with(&format!(".{own}")))
        };
        let columns = table.columns.iter().filter(|column| is_large(&column.data_type));
        let columns: Vec<&str> = columns.map(|column| &*column.name).collect();
        if columns.len() > most {
            let (key, count) = (table.object_key(), columns.len());
            let detail =
                format!("Table {} has {count} columns of large values, and {most} are allowed.", key.identity());
            report.add(Draft::of(key, detail).fact("columns", columns).fact("max_columns", most));
        }
    }
}
