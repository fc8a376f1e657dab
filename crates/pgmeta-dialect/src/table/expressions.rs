//! The expressions of a table: its columns are what they may name.

use crate::expression::{Class, Expr, Printer, Refusal, ScopeColumn, budget_of, parse};

use super::World;
use super::plan::{ColumnPlan, TablePlan};

/// A translated expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Translated {
    pub sql: String,
    pub class: Class,
    /// How it differs, in words.
    pub notes: Vec<&'static str>,
    pub tree: Expr,
}

/// Returns a column as expressions see it.
fn scope_column(column: &ColumnPlan<'_>) -> ScopeColumn {
    ScopeColumn { sql: column.sql.clone(), class: column.class, number_as_text: column.out.number_as_text }
}

/// Calls `with` with a printer of a text, whose scope are the columns of a table, and `VALUE` for one of them.
pub(super) fn with_printer<T>(
    world: World<'_, '_>,
    plan: &TablePlan<'_>,
    value: Option<&ColumnPlan<'_>>,
    sql: &str,
    with: impl FnOnce(&mut Printer<'_, '_>) -> T,
) -> T {
    let scope = |path: &[String]| match (path, value) {
        ([name], Some(column)) if name == "VALUE" => Some(scope_column(column)),
        ([name], None) => plan.column(name).map(scope_column),
        _ => None,
    };
    let mut printer = Printer::new(world.target.syntax(), world.index, &scope, budget_of(sql));
    with(&mut printer)
}

/// Returns a condition on the columns of a table.
pub(super) fn condition(world: World<'_, '_>, plan: &TablePlan<'_>, sql: &str) -> Result<Translated, Refusal> {
    let tree = parse(sql)?;
    with_printer(world, plan, None, sql, |printer| {
        let sql = printer.condition(&tree)?;
        Ok(Translated { sql, class: Class::Boolean, notes: std::mem::take(&mut printer.notes), tree })
    })
}

/// Returns a condition of a domain on one of its columns.
pub(super) fn domain_condition(
    world: World<'_, '_>,
    plan: &TablePlan<'_>,
    column: &ColumnPlan<'_>,
    sql: &str,
) -> Result<Translated, Refusal> {
    let tree = parse(sql)?;
    with_printer(world, plan, Some(column), sql, |printer| {
        let sql = printer.condition(&tree)?;
        Ok(Translated { sql, class: Class::Boolean, notes: std::mem::take(&mut printer.notes), tree })
    })
}

/// Returns a value of the columns of a table.
pub(super) fn value(world: World<'_, '_>, plan: &TablePlan<'_>, sql: &str) -> Result<Translated, Refusal> {
    let tree = parse(sql)?;
    with_printer(world, plan, None, sql, |printer| {
        let (sql, class) = printer.value(&tree)?;
        Ok(Translated { sql, class, notes: std::mem::take(&mut printer.notes), tree })
    })
}
