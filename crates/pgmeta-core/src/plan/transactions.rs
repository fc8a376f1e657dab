//! Divides a plan into transactions: no object that guards or shows rows is missing between two of them. Moves statements; prints
//! none.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::interrupt::check;
use crate::model::{ObjectKey, ObjectKind};
use crate::plan::graph::{Change, groups};
use crate::plan::step::{Hazard, Run, Statement, Step};

/// The statements in order, and the objects whose online change would leave a gap.
pub struct Arranged {
    pub statements: Vec<Statement>,
    pub torn: FxHashSet<ObjectKey>,
}

/// Adds units: one for the statements of one object, one for all that guard the rows of a table, one for a recreated table, which
/// `recreated_table` returns for the objects on it, and one for unique indexes that replace each other, which `unique_index` returns
/// for an index or constraint.
pub fn note_units(
    statements: &mut [Statement],
    is_made: &dyn Fn(&ObjectKey) -> bool,
    recreated_table: &dyn Fn(&ObjectKey) -> Option<ObjectKey>,
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
        statement.units.extend(recreated_table(&key));
        if !is_table || is_made(&key) || statement.hazards.contains(&Hazard::AuthzUpdate) {
            statement.units.push(key);
        }
    }
}

/// Adds units for objects that keep the same columns unique. An index that is built for a constraint belongs to the constraint.
pub fn note_guards(statements: &mut [Statement], units: &FxHashMap<ObjectKey, Vec<ObjectKey>>) {
    for statement in statements.iter_mut().filter(|_| !units.is_empty()) {
        check();
        // A statement that attaches an index waits for its table, and drops nothing.
        if !statement.attaches_index() && (statement.run == Run::Together || statement.key.kind == ObjectKind::Index) {
            statement.units.extend(units.get(&statement.key).into_iter().flatten().cloned());
        }
    }
}

/// Returns whether objects of a kind decide which rows a table accepts and shows.
fn guards(kind: ObjectKind) -> bool {
    matches!(kind, ObjectKind::Policy | ObjectKind::Trigger | ObjectKind::Rule)
}

/// Orders the statements so that each unit is committed as a whole.
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
            torn.extend(apart(&group));
        }
        arranged.extend(group);
    }
    Arranged { statements: arranged, torn }
}

/// Returns the objects of a group that must change in one transaction with the rest. Index builds are not among them while there is a
/// validation: without the validation, they may fit outside of the group.
fn apart(group: &[Statement]) -> Vec<ObjectKey> {
    let of = |run: Run| -> Vec<ObjectKey> {
        let own = group.iter().inspect(|_| check()).filter(|statement| statement.run == run);
        own.map(|statement| statement.key.clone()).collect()
    };
    let validations = of(Run::Alone);
    if validations.is_empty() { of(Run::Outside) } else { validations }
}

/// Marks objects whose drop is committed before another transaction creates them again.
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
