//! Rule drop_schema.

use crate::context::Report;
use crate::rule::{Category, Judge, Level, rule};
use crate::script::{Action, StatementContext};

rule! {
    /// Schema dropped
    ///
    /// Reports DROP SCHEMA of schemas that the script has not created itself.
    ///
    /// # Why
    ///
    /// With CASCADE all objects in the schema are dropped, and their rows are gone.
    ///
    /// # Fix
    ///
    /// Drop the objects one by one, so that a review sees each of them.
    ///
    /// # Bad
    ///
    /// ```sql
    /// DROP SCHEMA app CASCADE;
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA scratch;
    /// DROP SCHEMA scratch;
    /// ```
    Rule {
        name: "drop_schema",
        level: Level::Warning,
        category: Category::Migration,
        peers: &["squawk:ban-drop-schema"],
        judge: Judge::Statement(check),
    }
}

fn check(cx: &StatementContext<'_, '_>, report: &mut Report<'_>) {
    for action in cx.actions() {
        let Action::Drop { kind: "schema", names, cascade, .. } = action else { continue };
        for name in names.iter().filter(|name| !cx.names().is_new_schema(&name.name)) {
            let all = if *cascade { " with all that is in it" } else { "" };
            report.add(
                cx.draft_of_statement(format!("Schema {name} is dropped{all}.")).fact("schema", name.name.clone()),
            );
        }
    }
}
