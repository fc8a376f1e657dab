//! Rule enum_vs_check.

use pgmeta_core::model::ConstraintKind;

use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, rule};
use crate::settings::RuleOption;

rule! {
    /// List of values in the other form
    ///
    /// Reports enum types if the option prefers checks, and checks of a column against a list of texts if it prefers enums.
    ///
    /// # Why
    ///
    /// A label can be added to an enum at once, but never removed. A check can be changed in any way, but reads the table. The house
    /// chose one of them.
    ///
    /// # Fix
    ///
    /// Use the preferred form.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TYPE app.status AS ENUM ('open', 'closed');
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.orders (id bigint PRIMARY KEY, status text CHECK (status IN ('open', 'closed')));
    /// ```
    Rule {
        name: "enum_vs_check",
        level: Level::Info,
        category: Category::Design,
        enabled: false,
        opt_in: true,
        options: &[PREFER],
        judge: Judge::Schema(check),
    }
}

const PREFER: RuleOption = RuleOption::text("prefer", "check", "The preferred form: check or enum.");

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    if cx.settings.text(&PREFER).eq_ignore_ascii_case("enum") {
        let checks = cx.constraints().filter(|own| own.kind == ConstraintKind::Check && !own.inherited);
        for check in checks.filter(|own| own.expression.as_deref().is_some_and(is_list_of_texts)) {
            let key = check.object_key();
            let detail = format!("Constraint {} lists the values of a column.", key.identity());
            report.add(Draft::of(key, detail));
        }
        return;
    }
    for enum_type in cx.model.types.iter().filter(|own| own.enum_labels.is_some()) {
        let key = enum_type.object_key();
        let labels = enum_type.enum_labels.iter().flatten().map(|label| label.to_string()).collect::<Vec<_>>();
        let detail = format!("Type {} is an enum.", key.identity());
        report.add(Draft::of(key, detail).fact("labels", labels));
    }
}

/// Returns whether a check is what the server makes of `column IN ('a', 'b')`.
fn is_list_of_texts(expression: &str) -> bool {
    expression.contains(" = ANY (ARRAY['") || expression.contains(" = ANY ((ARRAY['")
}
