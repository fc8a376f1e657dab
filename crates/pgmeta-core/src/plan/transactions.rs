//! Cuts a plan into transactions: what guards or shows rows is never missing between two of them. Moves statements; prints none.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::interrupt::check;
use crate::model::{ObjectKey, ObjectKind};
use crate::plan::graph::{Change, groups};
use crate::plan::step::{Hazard, Run, Statement, Step};

/// The statements in order, and the objects for which no gap can be kept out while they are changed beside the traffic.
pub struct Arranged {
    pub statements: Vec<Statement>,
    pub torn: FxHashSet<ObjectKey>,
}

/// Notes which statements belong together: those of one object, all that guards the rows of one table, and all of a table that is
/// dropped and made again, which `remade_table` returns for an object on it; and the unique indexes that take each other's place, which
/// `unique_index` returns for an index or constraint.
pub fn note_units(
    statements: &mut [Statement],
    is_made: &dyn Fn(&ObjectKey) -> bool,
    remade_table: &dyn Fn(&ObjectKey) -> Option<ObjectKey>,
    unique_index: &dyn Fn(&ObjectKey) -> Option<ObjectKey>,
) {
    for statement in statements.iter_mut() {
        check();
        statement.units.extend(unique_index(&statement.key));
    }
    for statement in statements.iter_mut().filter(|statement| statement.run == Run::Together) {
        check();
        let key = statement.key.clone();
        let is_table = matches!(key.kind, ObjectKind::Table | ObjectKind::ForeignTable);
        if let Some((schema, name)) = key.relation().filter(|_| guards(key.kind)) {
            statement.units.push(ObjectKey::in_schema(ObjectKind::Table, schema, name));
        }
        statement.units.extend(remade_table(&key));
        if !is_table || is_made(&key) || statement.hazards.contains(&Hazard::AuthzUpdate) {
            statement.units.push(key);
        }
    }
}

/// Returns whether objects of a kind decide which rows a table takes and shows.
fn guards(kind: ObjectKind) -> bool {
    matches!(kind, ObjectKind::Policy | ObjectKind::Trigger | ObjectKind::Rule)
}

/// Puts the statements into an order in which each unit is committed as a whole.
pub fn arrange(statements: Vec<Statement>, changes: impl FnOnce(&[Statement]) -> Vec<Change>) -> Arranged {
    if statements.iter().all(|statement| statement.run == Run::Together) {
        return Arranged { statements, torn: FxHashSet::default() };
    }
    let groups = groups(&changes(&statements));
    let mut torn = FxHashSet::default();
    let mut left: Vec<Option<Statement>> = statements.into_iter().inspect(|_| check()).map(Some).collect();
    let mut arranged = Vec::with_capacity(left.len());
    for group in groups {
        check();
        let group: Vec<Statement> = group.into_iter().filter_map(|at| left.get_mut(at)?.take()).collect();
        if group.len() > 1 {
            let apart = group.iter().filter(|statement| statement.run != Run::Together);
            torn.extend(apart.map(|statement| statement.key.clone()));
        }
        arranged.extend(group);
    }
    Arranged { statements: arranged, torn }
}

/// Marks what is committed as dropped and made again by a later transaction.
pub fn note_gaps(steps: &mut [Step]) {
    let mut last: FxHashMap<ObjectKey, (Option<i32>, i32)> = rustc_hash::FxHashMap::default();
    for step in steps.iter_mut().rev() {
        check();
        for unit in &step.statement.units {
            let (transaction, end) = *last.entry(unit.clone()).or_insert((step.transaction, step.step));
            if transaction != step.transaction && !step.statement.adds {
                step.statement.hazards.insert(Hazard::LeavesGap);
                let separator = if step.statement.reason.is_empty() { "" } else { "; " };
                step.statement.reason += &format!("{separator}absent until step {end}");
                break;
            }
        }
    }
}
