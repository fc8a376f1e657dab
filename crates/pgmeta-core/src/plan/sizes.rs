//! Adds the sizes of tables to the reasons of statements, if the snapshot has them. Changes no statement.

use rustc_hash::FxHashMap;

use crate::ident::{Name, qualified};
use crate::interrupt::check;
use crate::model::{Model, ObjectKey, ObjectKind, Table};
use crate::plan::step::{LockLevel, Statement};
use crate::size::pretty_size;

/// Adds the size of the table to the reasons of statements that block other sessions or take long.
pub fn note(statements: &mut [Statement], old: &Model) {
    let sized = old.tables.iter().filter(|table| table.rows_estimate.is_some() || table.bytes.is_some());
    let tables: FxHashMap<(&Name, &Name), &Table> = sized.map(|table| ((&table.schema, &table.name), table)).collect();
    if tables.is_empty() {
        return;
    }
    let indexes: FxHashMap<(&Name, &Name), &Name> =
        old.indexes.iter().map(|index| ((&index.schema, &index.name), &index.table)).collect();
    for statement in statements {
        check();
        if !statement.slow && statement.lock < Some(LockLevel::Share) {
            continue;
        }
        let Some((schema, relation)) = relation(&statement.key) else { continue };
        let relation = indexes.get(&(schema, relation)).copied().unwrap_or(relation);
        if let Some(table) = tables.get(&(schema, relation)) {
            let separator = if statement.reason.is_empty() { "" } else { "; " };
            statement.reason += &format!("{separator}{}", size(table));
        }
    }
}

/// Returns the table that an object is or belongs to, or the index that it is.
fn relation(key: &ObjectKey) -> Option<(&Name, &Name)> {
    match (key.kind, &*key.names) {
        (ObjectKind::Index, [schema, name]) => Some((schema, name)),
        (ObjectKind::View | ObjectKind::MaterializedView | ObjectKind::Sequence, _) => None,
        _ => key.relation(),
    }
}

fn size(table: &Table) -> String {
    let rows = table.rows_estimate.map(|rows| format!("about {rows} row{}", if rows == 1 { "" } else { "s" }));
    let bytes = table.bytes.map(pretty_size);
    let parts: Vec<String> = rows.into_iter().chain(bytes).collect();
    format!("{} has {}", qualified(&table.schema, &table.name), parts.join(" in "))
}
