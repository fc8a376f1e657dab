//! The statements for renames that the caller specifies. `diff` finds the objects and renames them in the model.

use crate::diff::{Rename, Renamed};
use crate::ident::{ident, literal};
use crate::model::{Model, ObjectKind};
use crate::plan::step::{LockLevel, Statement};

/// Clients that use an object by name must use the new name.
const REASON: &str = "the option \"renames\" contains this rename: clients must use the new name";

/// Returns the statement for a rename. `old` has the new names already.
pub fn statement(rename: &Rename, old: &Model) -> Statement {
    let Rename { what, key, from, to } = rename;
    let mut object = key.identity();
    if key.kind == ObjectKind::Aggregate && key.args.is_empty() {
        object = object.replace("()", "(*)");
    }
    let (from, new) = (ident(from), ident(to));
    let kind = key.kind.sql_word();
    let sql = match what {
        Renamed::Column => format!("ALTER {kind} {object} RENAME COLUMN {from} TO {new}"),
        Renamed::Attribute => format!("ALTER TYPE {object} RENAME ATTRIBUTE {from} TO {new}"),
        Renamed::Label => format!("ALTER TYPE {object} RENAME VALUE {} TO {}", literal(&rename.from), literal(to)),
        Renamed::Child => {
            let table = crate::ident::qualified(&key.names[0], &key.names[1]);
            if key.kind == ObjectKind::TableConstraint {
                format!("ALTER TABLE {table} RENAME CONSTRAINT {from} TO {new}")
            } else {
                format!("ALTER {kind} {from} ON {table} RENAME TO {new}")
            }
        }
        Renamed::Domain => format!("ALTER DOMAIN {object} RENAME TO {new}"),
        Renamed::Object | Renamed::Schema => format!("ALTER {kind} {object} RENAME TO {new}"),
    };
    let lock = match (what, key.kind) {
        (Renamed::Object, ObjectKind::Index) => Some(LockLevel::ShareUpdateExclusive),
        (Renamed::Column | Renamed::Child | Renamed::Attribute, _) => Some(LockLevel::AccessExclusive),
        // A composite type is a relation, too.
        (Renamed::Object, ObjectKind::Type)
            if old.types.iter().any(|own| {
                own.attributes.is_some() && own.name == *to && key.schema().is_some_and(|schema| own.schema == *schema)
            }) =>
        {
            Some(LockLevel::AccessExclusive)
        }
        (
            Renamed::Object,
            ObjectKind::Table
            | ObjectKind::ForeignTable
            | ObjectKind::View
            | ObjectKind::MaterializedView
            | ObjectKind::Sequence,
        ) => Some(LockLevel::AccessExclusive),
        _ => None,
    };
    let statement = Statement::new(key, sql).reason(REASON);
    match lock {
        Some(lock) => statement.lock(lock),
        None => statement,
    }
}
