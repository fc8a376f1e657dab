//! The statements of the renames that the caller names. Which they are, and what they do to the model, is `diff`'s.

use crate::diff::{Rename, Renamed};
use crate::ident::{ident, literal};
use crate::model::{Model, ObjectKind};
use crate::plan::step::{LockLevel, Statement};

/// What is called otherwise at the server once this is done, is also called otherwise by whoever uses it.
const REASON: &str = "renamed as asked for: what uses the old name must learn the new one";

/// Returns the statement of a rename; `old` has the new names already.
pub fn statement(rename: &Rename, old: &Model) -> Statement {
    let Rename { what, key, from, to } = rename;
    let object = match key.kind {
        ObjectKind::Aggregate if key.args.is_empty() => key.identity().replace("()", "(*)"),
        _ => key.identity(),
    };
    let (from, new) = (ident(from), ident(to));
    let kind = key.kind.word().to_uppercase();
    let sql = match what {
        Renamed::Column => format!("ALTER {kind} {object} RENAME COLUMN {from} TO {new}"),
        Renamed::Attribute => format!("ALTER TYPE {object} RENAME ATTRIBUTE {from} TO {new}"),
        Renamed::Label => format!("ALTER TYPE {object} RENAME VALUE {} TO {}", literal(&rename.from), literal(to)),
        Renamed::Child => {
            let table = crate::ident::qualified(&key.names[0], &key.names[1]);
            match key.kind {
                ObjectKind::TableConstraint => format!("ALTER TABLE {table} RENAME CONSTRAINT {from} TO {new}"),
                _ => format!("ALTER {kind} {from} ON {table} RENAME TO {new}"),
            }
        }
        Renamed::Domain => format!("ALTER DOMAIN {object} RENAME TO {new}"),
        Renamed::Object | Renamed::Schema => format!("ALTER {kind} {object} RENAME TO {new}"),
    };
    let lock = match (what, key.kind) {
        (Renamed::Object, ObjectKind::Index) => Some(LockLevel::ShareUpdateExclusive),
        (Renamed::Column | Renamed::Child | Renamed::Attribute, _) => Some(LockLevel::AccessExclusive),
        // A composite type is a relation too.
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
