//! Rule not_idempotent.

use pgmeta_core::model::ConstraintKind;

use crate::context::Report;
use crate::rule::{Category, Judge, Level, rule};
use crate::script::{Action, ConstraintDefinition, ObjectName, StatementContext};

rule! {
    /// Statement that cannot be repeated
    ///
    /// Reports statements outside of a transaction that fail when they are repeated: CREATE without IF NOT EXISTS or OR
    /// REPLACE, DROP and RENAME without IF EXISTS, ADD CONSTRAINT with a name, and the like. CREATE after DROP IF EXISTS of the same object
    /// can be repeated.
    ///
    /// # Why
    ///
    /// A script that failed half-way cannot be started again.
    ///
    /// # Fix
    ///
    /// Write IF NOT EXISTS, IF EXISTS or OR REPLACE, or put the script into one transaction.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE TABLE app.new (id int);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE TABLE IF NOT EXISTS app.new (id int);
    /// ```
    Rule {
        name: "not_idempotent",
        level: Level::Info,
        category: Category::Migration,
        enabled: false,
        peers: &["squawk:prefer-robust-stmts"],
        judge: Judge::Statement(check),
    }
}

fn check(cx: &StatementContext<'_, '_>, report: &mut Report<'_>) {
    if cx.state.in_transaction() {
        return;
    }
    let names = cx.names();
    let missing = cx.statement.actions.iter().find_map(|action| match action {
        Action::Create { kind, name, .. } if names.has_dropped(kind, name) => None,
        Action::CreateIndex { index: Some(index), table, .. } if has_dropped_index(cx, index, table) => None,
        Action::AddColumn { table, column, .. } if has_dropped_column(cx, table, &column.name) => None,
        // The server knows no IF NOT EXISTS for them.
        Action::Create { kind: "type" | "domain" | "database" | "tablespace", .. } => {
            Some("no DROP IF EXISTS comes before it")
        }
        Action::Create { kind: "view" | "function" | "procedure" | "trigger", repeatable: false, .. } => {
            Some("it has no OR REPLACE")
        }
        Action::Create { repeatable: false, .. }
        | Action::CreateIndex { index: Some(_), repeatable: false, .. }
        | Action::AddColumn { repeatable: false, .. }
        | Action::AddEnumValue { repeatable: false, .. } => Some("it has no IF NOT EXISTS"),
        Action::Drop { repeatable: false, .. }
        | Action::DropColumn { repeatable: false, .. }
        | Action::DropConstraint { repeatable: false, .. }
        | Action::Rename { part: None, repeatable: false, .. }
        | Action::SetSchema { repeatable: false, .. } => Some("it has no IF EXISTS"),
        // Another check or foreign key gets another name.
        Action::AddConstraint { table, constraint }
            if fails_twice(constraint) && !drops_before(cx, table, constraint) =>
        {
            Some("no DROP CONSTRAINT IF EXISTS comes before it")
        }
        Action::Rename { part: Some(_), .. } => Some("the old name means nothing any more"),
        Action::AttachPartition { bound: Some(_), .. } => Some("the table is a partition already"),
        Action::DetachPartition { .. } => Some("the table is not a partition any more"),
        _ => None,
    });
    if let Some(reason) = missing {
        report.add(cx.draft_of_statement(format!("The statement fails when it is repeated: {reason}.")));
    }
}

fn fails_twice(constraint: &ConstraintDefinition) -> bool {
    constraint.name.is_some() || constraint.using_index.is_some() || constraint.kind == ConstraintKind::PrimaryKey
}

/// Returns whether the script drops a constraint before it adds it, perhaps in the same statement.
fn drops_before(cx: &StatementContext<'_, '_>, table: &ObjectName, constraint: &ConstraintDefinition) -> bool {
    let Some(name) = &constraint.name else { return false };
    cx.names().has_dropped_constraint(table, name) || cx.drops_constraint(name)
}

/// Returns whether the script has dropped a column, perhaps in the same statement.
fn has_dropped_column(cx: &StatementContext<'_, '_>, table: &ObjectName, name: &str) -> bool {
    let drops = |action: &Action| matches!(action, Action::DropColumn { column, .. } if column == name);
    cx.names().is_column_gone(table, name) || cx.statement.actions.iter().any(drops)
}

/// Returns whether the script has dropped an index with the name, in the schema of the table.
fn has_dropped_index(cx: &StatementContext<'_, '_>, index: &str, table: &ObjectName) -> bool {
    let schema = cx.names().find_place(table).map(|((schema, _), _)| schema);
    let names = [None, schema].map(|schema| ObjectName { schema, name: index.to_owned() });
    names.iter().any(|name| cx.names().has_dropped("index", name))
}
