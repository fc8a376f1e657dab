//! Rule add_volatile_default.

use pgmeta_core::model::ObjectKind;

use crate::context::Report;
use crate::rule::{Category, Judge, Level, rule};
use crate::script::{Action, ColumnDefinition, StatementContext};

rule! {
    /// Column added with a default for each row
    ///
    /// Reports ADD COLUMN with a volatile default, a generation expression, an identity or a domain with constraints, on tables that
    /// the script has not created itself. A default that is the same for all rows is stored once, and not reported.
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
        if !cx.has_rows(table) {
            continue;
        }
        if let Some(reason) = reason(cx, column) {
            let rows = cx.of_rows(table);
            let detail = format!("Table {table}{rows} is rewritten for column {}: {reason}.", column.name);
            report.add(cx.draft(ObjectKind::Table, table, detail).column(&column.name));
        }
    }
}

/// Returns why the server writes a value of the column into each row.
fn reason(cx: &StatementContext<'_, '_>, column: &ColumnDefinition) -> Option<String> {
    let domains = cx.domains_of(column);
    // The default of a column comes before that of its domain.
    let default = std::iter::once(column).chain(&domains).find_map(|own| own.default_functions.as_ref());
    let volatile = default.into_iter().flatten().find(|function| cx.names().is_volatile(function));
    match volatile {
        Some(function) => Some(format!("function {function} in its default is volatile")),
        None if column.generated => Some("it is generated".to_owned()),
        None if column.identity => Some("it has a sequence".to_owned()),
        // The server reads each row to apply the constraints of a domain.
        None => {
            let constrained = domains.iter().find(|own| own.is_constrained());
            constrained.map(|_| format!("domain {} has constraints", column.type_name))
        }
    }
}
