//! Rule enum_value_without_position.

use pgmeta_core::ident::literal;
use pgmeta_core::model::ObjectKind;

use crate::context::Report;
use crate::rule::{Category, Judge, Level, rule};
use crate::script::{Action, StatementContext};

rule! {
    /// Enum value added without a position
    ///
    /// Reports ALTER TYPE … ADD VALUE without BEFORE or AFTER.
    ///
    /// # Why
    ///
    /// The value is sorted last, which shows in ORDER BY and in comparisons, and cannot be changed later.
    ///
    /// # Fix
    ///
    /// Write BEFORE or AFTER another value.
    ///
    /// # Bad
    ///
    /// ```sql
    /// ALTER TYPE app.state ADD VALUE 'open';
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// ALTER TYPE app.state ADD VALUE 'open' BEFORE 'closed';
    /// ```
    Rule {
        name: "enum_value_without_position",
        level: Level::Info,
        category: Category::Migration,
        peers: &["squawk:require-enum-value-ordering"],
        judge: Judge::Statement(check),
    }
}

fn check(cx: &StatementContext<'_, '_>, report: &mut Report<'_>) {
    for action in cx.actions() {
        let Action::AddEnumValue { enum_type, label, positioned: false, .. } = action else { continue };
        let detail = format!("Value {} is the last of type {enum_type}.", literal(label));
        report.add(cx.draft(ObjectKind::Type, enum_type, detail));
    }
}
