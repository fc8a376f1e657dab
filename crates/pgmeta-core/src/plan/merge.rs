//! Joins ALTER TABLE statements on one table, so that the server rewrites its rows once: `gather` moves them together within their
//! transaction, `merge` joins neighbours. Knows no object kind.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::interrupt::check;
use crate::model::ObjectKey;
use crate::plan::graph::{Change, edges};
use crate::plan::step::{Run, Statement};

/// Moves statements that rewrite one table next to each other, unless a statement between them depends on the first and the second
/// on it. `changes` returns the effects of statements.
pub fn gather(statements: Vec<Statement>, changes: &dyn Fn(&[Statement]) -> Vec<Change>) -> Vec<Statement> {
    let mut gathered: Vec<Statement> = Vec::with_capacity(statements.len());
    let mut transaction = Vec::new();
    for statement in statements {
        check();
        if statement.run == Run::Together {
            transaction.push(statement);
        } else {
            gathered.extend(gather_in_transaction(std::mem::take(&mut transaction), changes));
            gathered.push(statement);
        }
    }
    gathered.extend(gather_in_transaction(transaction, changes));
    gathered
}

fn gather_in_transaction(
    mut statements: Vec<Statement>,
    changes: &dyn Fn(&[Statement]) -> Vec<Change>,
) -> Vec<Statement> {
    for table in tables_with_separate_rewrites(&statements) {
        let mut first = 0;
        while let Some((one, other)) = next_two(&statements, &table, first) {
            check();
            if !statements[one..=other].windows(2).all(|two| are_one(&two[0], &two[1])) {
                move_together(&mut statements, one, other, changes);
            }
            first = one + 1;
        }
    }
    statements
}

/// Returns the tables that several separate statements rewrite: only these few are searched for.
fn tables_with_separate_rewrites(statements: &[Statement]) -> BTreeSet<ObjectKey> {
    let mut apart = BTreeSet::new();
    let mut runs: FxHashMap<&ObjectKey, usize> = FxHashMap::default();
    let mut run = 0;
    for (at, statement) in statements.iter().enumerate() {
        check();
        if at > 0 && !are_one(&statements[at - 1], statement) {
            run = at;
        }
        if rewrites_by_action(statement) && runs.insert(&statement.key, run).is_some_and(|other| other != run) {
            apart.insert(statement.key.clone());
        }
    }
    apart
}

fn rewrites_by_action(statement: &Statement) -> bool {
    statement.action.is_some() && !statement.rewrites.is_empty()
}

/// Returns the positions of the next two statements that rewrite a table.
fn next_two(statements: &[Statement], table: &ObjectKey, from: usize) -> Option<(usize, usize)> {
    let all = statements.iter().enumerate().skip(from).inspect(|_| check());
    let mut own =
        all.filter(|(_, statement)| statement.key == *table && rewrites_by_action(statement)).map(|(at, _)| at);
    Some((own.next()?, own.next()?))
}

/// Moves what the statement `other` needs before the statement `one`, and `other` behind that, unless something between them needs
/// `one` and is needed by `other`.
fn move_together(
    statements: &mut Vec<Statement>,
    one: usize,
    other: usize,
    changes: &dyn Fn(&[Statement]) -> Vec<Change>,
) {
    let Some(range) = statements.get(one..=other) else { return };
    let edges = edges(&changes(range));
    let last = other - one;
    let mut needed = vec![false; edges.len()];
    needed[last] = true;
    for (at, after) in edges.iter().enumerate().rev() {
        check();
        needed[at] |= after.iter().any(|&to| needed[to]);
    }
    if edges[0].iter().any(|&to| to != last && needed[to]) {
        return;
    }
    needed[0] = false;
    needed[last] = false;
    let range: Vec<Statement> = statements.drain(one..=other).collect();
    let (mut before, mut together, mut after) = (Vec::new(), Vec::new(), Vec::new());
    for (at, statement) in range.into_iter().enumerate() {
        check();
        match at {
            _ if needed[at] => before.push(statement),
            at if at == 0 || at == last => together.push(statement),
            _ => after.push(statement),
        }
    }
    statements.splice(one..one, before.into_iter().chain(together).chain(after));
}

/// Merges neighbouring statements that may be one, if this saves a rewrite of the table.
pub fn merge(statements: Vec<Statement>) -> Vec<Statement> {
    let mut merged: Vec<Statement> = Vec::with_capacity(statements.len());
    let mut rest = statements.into_iter().peekable();
    while let Some(first) = rest.next() {
        check();
        let mut run = vec![first];
        while let Some(next) = rest.next_if(|next| run.last().is_some_and(|last| are_one(last, next))) {
            check();
            run.push(next);
        }
        if run.len() > 1 && run.iter().any(|statement| !statement.rewrites.is_empty()) {
            merged.extend(join(run));
        } else {
            merged.extend(run);
        }
    }
    merged
}

fn are_one(one: &Statement, other: &Statement) -> bool {
    one.key == other.key
        && [one, other].iter().all(|statement| statement.run == Run::Together && statement.action.is_some())
        && alter(one) == alter(other)
}

/// Returns the text before the action.
fn alter(statement: &Statement) -> Option<&str> {
    statement.sql.get(..statement.action?)
}

/// Joins statements with the same beginning into one with all actions.
pub fn join(run: impl IntoIterator<Item = Statement>) -> Option<Statement> {
    let mut run = run.into_iter();
    let mut one = run.next()?;
    let mut reasons: FxHashSet<String> = FxHashSet::default();
    reasons.insert(one.reason.clone());
    for other in run {
        check();
        one.sql += ",\n    ";
        one.sql += other.action.and_then(|at| other.sql.get(at..)).unwrap_or_default();
        one.hazards.extend(other.hazards);
        one.lock = one.lock.max(other.lock);
        one.slow |= other.slow;
        one.rewrites.extend(other.rewrites);
        one.columns.extend(other.columns);
        one.units.extend(other.units);
        one.counts.extend(other.counts);
        one.of_nullability &= other.of_nullability;
        one.adds &= other.adds;
        if !other.reason.is_empty() && reasons.insert(other.reason.clone()) {
            one.reason += if one.reason.is_empty() { "" } else { "; " };
            one.reason += &other.reason;
        }
    }
    one.rewrites.dedup();
    one.columns.dedup();
    Some(one)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ident::Name;
    use crate::model::{ObjectKey, ObjectKind};

    #[test]
    fn a_table_is_rewritten_once() {
        let table = |name: &str| ObjectKey::in_schema(ObjectKind::Table, &Name::from("s"), &Name::from(name));
        let one = |name: &str, action: &str| {
            let alter = format!("ALTER TABLE s.{name}");
            Statement::new(&table(name), format!("{alter} {action}")).one_of(&alter)
        };
        let texts = |statements: Vec<Statement>| merge(statements).into_iter().map(|own| own.sql).collect::<Vec<_>>();
        let statements = || {
            vec![
                one("t", "ALTER COLUMN a TYPE bigint"),
                one("t", "ADD COLUMN b integer"),
                one("u", "ADD COLUMN c integer"),
            ]
        };
        assert_eq!(texts(statements()).len(), 3, "nothing is rewritten");
        let mut rewriting = statements();
        rewriting[0] = rewriting[0].clone().rewrites("s.t");
        assert_eq!(
            texts(rewriting.clone()),
            [
                "ALTER TABLE s.t ALTER COLUMN a TYPE bigint,\n    ADD COLUMN b integer",
                "ALTER TABLE s.u ADD COLUMN c integer"
            ]
        );
        rewriting[1].run = Run::Alone;
        assert_eq!(texts(rewriting).len(), 3);
    }

    #[test]
    fn rewrites_of_a_table_are_merged_unless_a_statement_depends_on_their_order() {
        let table = ObjectKey::in_schema(ObjectKind::Table, &Name::from("s"), &Name::from("t"));
        let rewriting = |action: &str| {
            Statement::new(&table, format!("ALTER TABLE s.t {action}")).one_of("ALTER TABLE s.t").rewrites("s.t")
        };
        let other = |sql: &str| Statement::new(&ObjectKey::default(), sql);
        let statements = || vec![rewriting("a"), other("uses a"), other("needed by b"), rewriting("b"), other("last")];
        // Resources: columns a and b are 0 and 1; a view that uses a is 2; the object that b needs is 3.
        let writes = |sql: &str| match sql {
            "ALTER TABLE s.t a" => vec![0],
            "ALTER TABLE s.t b" => vec![1],
            "uses a" => vec![2],
            "needed by b" => vec![3],
            _ => Vec::new(),
        };
        let order = |view_is_needed: bool| {
            let reads = |sql: &str| match sql {
                "uses a" => vec![0],
                "ALTER TABLE s.t b" if view_is_needed => vec![2, 3],
                "ALTER TABLE s.t b" => vec![3],
                _ => Vec::new(),
            };
            let change =
                |own: &Statement| Change { writes: writes(&own.sql), reads: reads(&own.sql), ..Change::default() };
            let changes = |statements: &[Statement]| statements.iter().map(change).collect();
            gather(statements(), &changes).into_iter().map(|own| own.sql).collect::<Vec<_>>()
        };
        assert_eq!(order(false), ["needed by b", "ALTER TABLE s.t a", "ALTER TABLE s.t b", "uses a", "last"]);
        assert_eq!(order(true), ["ALTER TABLE s.t a", "uses a", "needed by b", "ALTER TABLE s.t b", "last"]);
    }
}
