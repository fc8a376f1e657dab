//! How a child table gets its parents: in CREATE TABLE or later.

use rustc_hash::FxHashSet;

use crate::ddl::context::Context;
use crate::model::Table;

/// Returns whether the table is created alone and gets its parents later: INHERITS puts the parents' columns first, and the catalog has
/// another order. Only possible if the table declares all of their columns.
pub fn inherits_later(table: &Table, cx: &Context<'_>) -> bool {
    let declared = table.columns.iter().all(|column| {
        !column.inherited
            && column.not_null.as_ref().is_none_or(|not_null| !not_null.inherited || not_null.name.is_none())
    });
    if table.inherits.is_empty() || !declared || cx.inline_checks(table).iter().any(|check| check.inherited) {
        return false;
    }
    let mut merged: Vec<&str> = Vec::with_capacity(table.columns.len());
    for parent in &table.inherits {
        let Some(parent) = cx.table(&parent.schema, &parent.name) else { return false };
        merged.extend(parent.columns.iter().map(|column| &*column.name));
    }
    merged.extend(table.columns.iter().map(|column| &*column.name));
    let mut seen = FxHashSet::default();
    merged.retain(|name| seen.insert(*name));
    !merged.iter().copied().eq(table.columns.iter().map(|column| &*column.name))
}
