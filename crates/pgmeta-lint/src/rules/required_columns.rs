//! Rule required_columns.

use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, rule};
use crate::settings::RuleOption;

rule! {
    /// Table without a required column
    ///
    /// Reports tables that lack a column of the option, or have it with another type. The option lists names, or names with types:
    /// `created_at` or `created_at timestamp with time zone`.
    ///
    /// # Why
    ///
    /// Programs and reports rely on these columns in every table.
    ///
    /// # Fix
    ///
    /// Add the column.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.orders (id bigint PRIMARY KEY);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.orders (id bigint PRIMARY KEY, created_at timestamptz, updated_by text);
    /// ```
    Rule {
        name: "required_columns",
        level: Level::Warning,
        category: Category::Design,
        enabled: false,
        opt_in: true,
        options: &[COLUMNS, EXCEPT],
        judge: Judge::Schema(check),
    }
}

const COLUMNS: RuleOption =
    RuleOption::list("columns", &[], "The required columns: a name, or a name and a type with a blank between them.");
const EXCEPT: RuleOption = RuleOption::list("except", &[], "Names of tables that do not need them.");

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let (required, except) = (cx.list(&COLUMNS), cx.list(&EXCEPT));
    for table in cx.own_tables().filter(|table| !except.iter().any(|name| **name == *table.name)) {
        for wanted in &required {
            let (name, data_type) =
                wanted.split_once(' ').map_or((&**wanted, None), |(name, own)| (name, Some(own.trim())));
            let column = cx.index.column(table, name);
            let key = table.object_key();
            let fault = match (column, data_type) {
                (None, _) => format!("Table {} has no column {name}.", key.identity()),
                (Some(own), Some(wanted)) if *own.data_type != *wanted => {
                    format!("Column {name} of table {} has type {} instead of {wanted}.", key.identity(), own.data_type)
                }
                (Some(_), _) => continue,
            };
            report.add(Draft::of(key, fault).part(name).fact("column", name));
        }
    }
}
