//! The statements that drop objects. Never CASCADE: dependents are dropped before.

use crate::ddl::{Part, Printable};
use crate::ident::{ident, qualified};
use crate::model::{Column, ObjectKind, ObjectRef, Table};
use crate::plan::alter::Sides;
use crate::plan::step::{Hazard, LockLevel, Statement};
use crate::plan::{cluster, constraint, index, member};

/// Returns the statements that undo a step of the old model. `alone`: its table is no longer a partition.
pub fn statements(object: ObjectRef<'_>, part: Part, alone: bool, sides: &Sides<'_>) -> Vec<Statement> {
    let key = object.object().key();
    if let ObjectRef::ExtensionMember(own) = object {
        return member::drop_statement(own, sides);
    }
    if part == Part::Main {
        if let ObjectRef::Constraint(own) = object {
            return constraint::drop(own, alone).into_iter().collect();
        } else if let ObjectRef::Index(own) = object {
            return index::drop(own, alone, sides).into_iter().collect();
        } else if let ObjectRef::Role(all) = object
            && all.name.is_empty()
        {
            return cluster::drop_statement(all, sides);
        }
    }
    let Some(sql) = object.render().drop_statement(part, sides.old) else { return Vec::new() };
    let statement = Statement::new(&key, strict(sql));
    vec![if part == Part::Main { noted(object, sides, statement) } else { statement }]
}

/// What DROP takes and loses, by kind. Kinds that are not here lose nothing but themselves.
const LOSSES: &[(ObjectKind, Option<LockLevel>, &[Hazard])] = &[
    (ObjectKind::MaterializedView, Some(LockLevel::AccessExclusive), &[Hazard::DeletesData]),
    (ObjectKind::Sequence, None, &[Hazard::DeletesData]),
    (ObjectKind::LargeObject, None, &[Hazard::DeletesData]),
    // DROP EXTENSION drops the tables of the extension. Callers of its functions are not known.
    (ObjectKind::Extension, None, &[Hazard::DeletesData, Hazard::HasUntrackableDependencies]),
    (ObjectKind::View, Some(LockLevel::AccessExclusive), &[]),
    (ObjectKind::Trigger, Some(LockLevel::AccessExclusive), &[]),
    (ObjectKind::Rule, Some(LockLevel::AccessExclusive), &[]),
    (ObjectKind::Policy, Some(LockLevel::AccessExclusive), &[Hazard::AuthzUpdate]),
    (ObjectKind::DefaultPrivileges, None, &[Hazard::AuthzUpdate]),
    // Function bodies in quotes may call it.
    (ObjectKind::Function, None, &[Hazard::HasUntrackableDependencies]),
    (ObjectKind::Procedure, None, &[Hazard::HasUntrackableDependencies]),
];

/// Notes the lock and the hazards of a statement that drops an object.
fn noted(object: ObjectRef<'_>, sides: &Sides<'_>, mut statement: Statement) -> Statement {
    if let ObjectRef::Table(table) = object {
        let statement = statement.lock(LockLevel::AccessExclusive);
        // Other tables have their rows on the foreign server or in the partitions.
        let has_rows = table.foreign.is_none() && table.partition_by.is_none();
        let statement = if has_rows { statement.hazard(Hazard::DeletesData) } else { statement };
        let stays = sides.new.table(&table.schema, &table.name).is_some();
        let reason = "no ALTER TABLE makes this change: the table is recreated, and loses its rows";
        return if has_rows && stays { statement.reason(reason) } else { statement };
    }
    if matches!(object, ObjectRef::Publication(_)) {
        let reason = "subscriptions fail on changes that are made while the publication does not exist";
        return statement.hazard(Hazard::Correctness).reason(reason);
    }
    let kind = object.object().key().kind;
    for (_, lock, hazards) in LOSSES.iter().filter(|(own, ..)| *own == kind) {
        statement = lock.map_or(statement.clone(), |lock| statement.lock(lock));
        statement = hazards.iter().fold(statement, |statement, hazard| statement.hazard(*hazard));
    }
    statement
}

/// A plan knows which objects exist: a missing one is an error.
fn strict(sql: String) -> String {
    match sql.strip_prefix("DROP ").and_then(|rest| rest.split_once(" IF EXISTS")) {
        Some((kind, rest)) if kind.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b' ') => {
            format!("DROP {kind}{rest}")
        }
        _ => sql,
    }
}

/// Returns the statement that drops a column's default.
pub fn default(table: &Table, column: &Column) -> Statement {
    let name = qualified(&table.schema, &table.name);
    let sql = format!("ALTER {} ONLY {name} ALTER COLUMN {} DROP DEFAULT", table.keyword(), ident(&column.name));
    Statement::new(&table.object_key(), sql).lock(LockLevel::AccessExclusive)
}
