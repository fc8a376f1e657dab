//! Rule unqualified_name.

use crate::context::Report;
use crate::rule::{Category, Judge, Level, rule};
use crate::script::{Action, StatementContext};

rule! {
    /// Name without a schema
    ///
    /// Reports names of relations and types without their schema, except those of objects that the script has created as
    /// temporary.
    ///
    /// # Why
    ///
    /// search_path decides which object is meant, and may be another one for another role.
    ///
    /// # Fix
    ///
    /// Write the schema before the name.
    ///
    /// # Bad
    ///
    /// ```sql
    /// ALTER TABLE orders ADD COLUMN remark text;
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// ALTER TABLE app.orders ADD COLUMN remark text;
    /// ```
    Rule {
        name: "unqualified_name",
        level: Level::Info,
        category: Category::Migration,
        enabled: false,
        peers: &["squawk:require-table-schema"],
        judge: Judge::Statement(check),
    }
}

fn check(cx: &StatementContext<'_, '_>, report: &mut Report<'_>) {
    const WITHOUT: [&str; 6] = ["schema", "database", "extension", "role", "tablespace", "trigger"];
    for action in cx.statement.actions.iter() {
        let is_outside = match action {
            Action::Create { kind, temporary, .. } => *temporary || WITHOUT.contains(kind),
            Action::Drop { kind, .. } | Action::Rename { kind, .. } => WITHOUT.contains(kind),
            _ => false,
        };
        let names = action.names().into_iter().filter(|name| name.schema.is_none() && !cx.names().is_temporary(name));
        for name in names.filter(|_| !is_outside) {
            report.add(
                cx.draft_of_statement(format!("The schema of {name} is not written.")).fact("name", name.name.clone()),
            );
        }
    }
}
