//! Creates the table into which rows are restored: its name and columns, without rows, defaults or constraints. Finds the
//! role as which the code of its types must run.

use pgmeta_archive::manifest::{Column, Manifest};
use pgmeta_core::ident::{ident, qualified};
use pgrx::PgSqlErrorCode;

use crate::archive::queries;
use crate::archive::transfer::types::of_column;
use crate::error::Error;
use crate::guc::GucGuard;
use crate::rights;
use crate::spi::{Arg, Connection, SnapshotGuard, execute_within};

/// Creates a table with the archived columns.
pub fn create(manifest: &Manifest, table: &str) -> Result<(), Error> {
    let columns = manifest.columns.iter().map(|column| {
        require_type(column)?;
        // The newline ends a comment that the type's text may contain.
        Ok(format!("{} {}\n", ident(&column.name), column.data_type))
    });
    let columns = columns.collect::<Result<Vec<_>, Error>>()?;
    let _pinned = GucGuard::running(0);
    execute_within(&format!("CREATE TABLE {table} ({})", columns.join(", ")), 0)
}

fn require_type(column: &Column) -> Result<(), Error> {
    let _pinned = GucGuard::new();
    of_column(&Connection::open()?, column)?.map(drop).ok_or_else(|| Error::Missing {
        what: format!("type {} of column {}", column.data_type, ident(&column.name)),
        hint: "Create the type as it was: the manifest's ddl has the table that used it.".into(),
        code: PgSqlErrorCode::ERRCODE_UNDEFINED_OBJECT,
    })
}

/// Parses a name as SQL and returns its parts.
fn parts_of(connection: &Connection, name: &str) -> Result<Vec<Option<String>>, Error> {
    queries::value(connection, sql!("parse_identifier"), &[Arg::Text(name)], "names")
}

/// Parses the name of a table as SQL. Without a schema it is in the first schema of the caller's search_path.
pub fn name_of(text: &str) -> Result<String, Error> {
    let schema: Option<String> = queries::value(&Connection::open()?, sql!("current_schema"), &[], "schema")?;
    let wrong = || Error::BadArgument {
        name: "option into",
        value: text.to_owned(),
        hint: "Name a new table with its schema: \"archive.events_2024\".".into(),
    };
    let _pinned = GucGuard::new();
    let names = parts_of(&Connection::open()?, text)?;
    match (names.as_slice(), schema) {
        ([Some(schema), Some(name)], _) => Ok(qualified(schema, name)),
        ([Some(name)], Some(schema)) => Ok(qualified(&schema, name)),
        _ => Err(wrong()),
    }
}

/// Returns the role as which the code of the columns' types must run; `None` if they have no such code of other roles. The
/// caller must have that role's rights: the code may access the caller's temporary tables, for example.
pub fn owner_of_types(table: u32) -> Result<Option<u32>, Error> {
    // Domains, elements, attributes and subtypes are checked by the input functions of the types that contain them. Only
    // domains run code of roles that are not superusers, and such code can be added at any time.
    let found: Vec<u32> = {
        let _pinned = GucGuard::new();
        let _snapshot = SnapshotGuard::new();
        queries::values(&Connection::open()?, sql!("type_owners"), &[Arg::Int(table.into())], "owner")?
    };
    let denied = |hint: String| Err(Error::Denied { action: "run the checks of the columns' domains".into(), hint });
    match found.as_slice() {
        [] => Ok(None),
        &[owner] if rights::has_role(owner) => Ok(Some(owner)),
        [_] => denied("The domains belong to another role: restore it as a member of that role.".into()),
        _ => denied(
            "The domains belong to several roles. Restore it with the option attach, or make them one role's.".into(),
        ),
    }
}

/// Returns the name of a role as quoted SQL.
pub fn role_name(role: u32) -> Result<String, Error> {
    let _pinned = GucGuard::new();
    queries::value(&Connection::open()?, sql!("role_name"), &[Arg::Int(role.into())], "name")
}
