//! Rule add_volatile_default.

use pgmeta_core::model::ObjectKind;

use crate::context::Report;
use crate::rule::{Category, Judge, Level, rule};
use crate::script::{Action, StatementContext};

rule! {
    /// Column added with a default for each row
    ///
    /// Reports ADD COLUMN with a volatile default, a generation expression or an identity, on tables that the script has not created
    /// itself. A default that is the same for all rows is stored once, and not reported.
    ///
    /// # Why
    ///
    /// Each row gets a value of its own, so the table is rewritten while all queries on it wait.
    ///
    /// # Fix
    ///
    /// Add the column without the default, set the default, and fill the rows in batches.
    ///
    /// # Bad
    ///
    /// ```sql
    /// ALTER TABLE app.orders ADD COLUMN token uuid DEFAULT gen_random_uuid();
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// ALTER TABLE app.orders ADD COLUMN token uuid;
    /// ALTER TABLE app.orders ALTER COLUMN token SET DEFAULT gen_random_uuid();
    /// ```
    Rule {
        name: "add_volatile_default",
        level: Level::Error,
        category: Category::Migration,
        peers: &["squawk:adding-field-with-default"],
        judge: Judge::Statement(check),
    }
}

fn check(cx: &StatementContext<'_, '_>, report: &mut Report<'_>) {
    for action in cx.actions() {
        let Action::AddColumn { table, column, .. } = action else { continue };
        let volatile = |name: &str| cx.assumptions.volatile_functions.contains(name);
        let function = column.default_functions.iter().flatten().find(|function| volatile(&function.name));
        let reason = match function {
            Some(function) => format!("function {function} in its default is volatile"),
            None if column.generated => "it is generated".to_owned(),
            None if column.identity => "it has a sequence".to_owned(),
            None => continue,
        };
        if cx.is_in_use(table) {
            let rows = cx.of_rows(table);
            let detail = format!("Table {table}{rows} is rewritten for column {}: {reason}.", column.name);
            report.add(cx.draft(ObjectKind::Table, table, detail).column(&column.name));
        }
    }
}
