//! The statements that drop objects. Never CASCADE: dependents are dropped before.

use crate::ddl::{Part, Printable};
use crate::ident::{ident, qualified};
use crate::model::{Column, ObjectRef, Table};
use crate::plan::alter::Sides;
use crate::plan::step::{Hazard, LockLevel, Statement};
use crate::plan::{cluster, constraint, index, member};

/// Returns the statements that undo a step of the old model. `alone`: its table is no longer a partition.
pub fn statements(object: ObjectRef<'_>, part: Part, alone: bool, sides: &Sides<'_>) -> Vec<Statement> {
    let key = object.object().key();
    match object {
        ObjectRef::Constraint(own) if part == Part::Main => {
            return constraint::drop(own, alone).into_iter().collect();
        }
        ObjectRef::Index(own) if part == Part::Main => return index::drop(own, alone, sides).into_iter().collect(),
        ObjectRef::ExtensionMember(own) => return member::drop_statement(own, sides),
        ObjectRef::Role(all) if all.name.is_empty() && part == Part::Main => {
            return cluster::drop_statement(all, sides);
        }
        _ => {}
    }
    let Some(sql) = object.render().drop_statement(part, sides.old) else { return Vec::new() };
    let statement = Statement::new(&key, strict(sql));
    let statement = match object {
        _ if part != Part::Main => statement,
        ObjectRef::Table(table) => {
            let statement = statement.lock(LockLevel::AccessExclusive);
            // Other tables have their rows on the foreign server or in the partitions.
            let has_rows = table.foreign.is_none() && table.partition_by.is_none();
            let statement = if has_rows { statement.hazard(Hazard::DeletesData) } else { statement };
            let stays = sides.new.table(&table.schema, &table.name).is_some();
            let reason = "no ALTER TABLE makes this change: the table is recreated, and loses its rows";
            if has_rows && stays { statement.reason(reason) } else { statement }
        }
        ObjectRef::MaterializedView(_) => statement.lock(LockLevel::AccessExclusive).hazard(Hazard::DeletesData),
        ObjectRef::Sequence(_) | ObjectRef::LargeObject(_) => statement.hazard(Hazard::DeletesData),
        ObjectRef::Publication(_) => {
            let reason = "subscriptions fail on changes that are made while the publication does not exist";
            statement.hazard(Hazard::Correctness).reason(reason)
        }
        // DROP EXTENSION drops the tables of the extension. Callers of its functions are not known.
        ObjectRef::Extension(_) => statement.hazard(Hazard::DeletesData).hazard(Hazard::HasUntrackableDependencies),
        ObjectRef::View(_) | ObjectRef::Trigger(_) | ObjectRef::Rule(_) => statement.lock(LockLevel::AccessExclusive),
        ObjectRef::Policy(_) => statement.lock(LockLevel::AccessExclusive).hazard(Hazard::AuthzUpdate),
        ObjectRef::DefaultPrivileges(_) => statement.hazard(Hazard::AuthzUpdate),
        // Function bodies in quotes may call it.
        ObjectRef::Function(_) => statement.hazard(Hazard::HasUntrackableDependencies),
        _ => statement,
    };
    vec![statement]
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
