//! Makes one ALTER TABLE of several that follow each other on one table, so that its rows are rewritten once. Moves nothing.

use rustc_hash::FxHashSet;

use crate::interrupt::check;
use crate::plan::step::{Run, Statement};

/// Merges the neighbours that may be one statement, where that saves a rewrite of the table.
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

/// Returns what stands before the action.
fn alter(statement: &Statement) -> Option<&str> {
    statement.sql.get(..statement.action?)
}

fn join(run: Vec<Statement>) -> Option<Statement> {
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
}
