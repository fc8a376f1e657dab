//! Restores the properties of a partition to the table that replaces it. The manifest contains them, so its author must not
//! gain rights by it: the statements run one by one as the table's owner, restricted. Properties that cannot be restored
//! are reported.

use pgmeta_archive::manifest::{Properties, Publication};
use pgmeta_core::ident::{ident, ident_list};

use crate::archive::errors::RestoreError;
use crate::archive::records::{ArchivedOwner, owner_of_archived};
use crate::archive::restore::table_owner::TableOwner;
use crate::error::Error;
use crate::guc::GucGuard;
use crate::message::warn;
use crate::rights::{self, CodePath};
use crate::spi::{Connection, SnapshotGuard, execute_one_within};

/// A statement that restores a property.
#[derive(Debug)]
pub struct PropertyStatement {
    pub sql: String,
    /// Whether readers of the table would see more rows without it.
    pub required: bool,
}

/// The statements, and descriptions of properties that cannot be restored.
#[derive(Debug)]
pub struct PropertyStatements {
    pub statements: Vec<PropertyStatement>,
    pub lost: Vec<String>,
}

/// The statements of one call: names of columns first, then all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PropertyGroup {
    Names,
    Rest,
}

/// A function that returns the statements for a table with the archived properties. Its columns may have other names now.
pub type PropertyStatementsOf =
    fn(u32, &Properties, &[(String, String)], PropertyGroup) -> Result<PropertyStatements, Error>;

/// Restores the owner of a partition, which belongs to its parent's owner until now, and its properties.
pub fn restore_properties(
    id: i64,
    (oid, table): (u32, &str),
    (properties, renamed): (Option<&Properties>, &[(String, String)]),
    path: Option<&CodePath>,
    property_statements: PropertyStatementsOf,
) -> Result<(), Error> {
    restore_owner(id, oid)?;
    let Some(properties) = properties else {
        warn(&format!(
            "{table} has nothing of its own but its rows: archive {id} was made before pgmeta kept the rest"
        ));
        return Ok(());
    };
    let owner = TableOwner { role: rights::owner_of(oid)?, path };
    for group in [PropertyGroup::Names, PropertyGroup::Rest] {
        let found = {
            let _snapshot = SnapshotGuard::new();
            property_statements(oid, properties, renamed, group)?
        };
        for what in found.lost {
            warn(&format!("{table} comes back without {what}"));
        }
        for PropertyStatement { sql, required } in found.statements {
            let Err(error) = owner.run_one(&sql) else { continue };
            let error = RestoreError::Property {
                table: table.to_owned(),
                statement: first_line(&sql).to_owned(),
                source: Box::new(error),
            };
            if required {
                return Err(error.into());
            }
            warn(&error.to_string());
        }
    }
    let now = |name: &String| renamed.iter().find(|(from, _)| from == name).map_or(name, |(_, to)| to).clone();
    for publication in &properties.publications {
        let columns = publication.columns.as_ref().map(|names| names.iter().map(now).collect());
        let publication = &Publication { columns, ..publication.clone() };
        if let Err(error) = publish(table, publication) {
            warn(&format!("{table} is not in publication {} again: {error}", ident(&publication.name)));
        }
    }
    Ok(())
}

/// Changes the owner of a table to that of the archived one, if the caller has that role's rights.
fn restore_owner(id: i64, oid: u32) -> Result<(), Error> {
    let owner = {
        let _pinned = GucGuard::new();
        owner_of_archived(&Connection::open()?, id)?
    };
    match owner {
        Some(ArchivedOwner { name, oid: None }) => {
            warn(&format!("role {}, who owned the partition, is gone: it is the parent's owner's", ident(&name)))
        }
        Some(ArchivedOwner { name, oid: Some(role) }) if !rights::has_role(role) => {
            warn(&format!(
                "the partition was role {}'s, whose rights you do not have: it is the parent's owner's",
                ident(&name)
            ));
        }
        Some(ArchivedOwner { oid: Some(role), .. }) if rights::owner_of(oid)? != role => rights::give(oid, role),
        _ => {}
    }
    Ok(())
}

/// Adds a table to a publication as the caller: the publication's owner has this right.
fn publish(table: &str, publication: &Publication) -> Result<(), Error> {
    let columns = publication.columns.as_ref().map(|names| format!(" ({})", ident_list(names)));
    let filter = publication.row_filter.as_ref().map(|filter| format!(" WHERE ({filter})"));
    let _pinned = GucGuard::running(0);
    execute_one_within(&format!(
        "ALTER PUBLICATION {} ADD TABLE {table}{}{}",
        ident(&publication.name),
        columns.unwrap_or_default(),
        filter.unwrap_or_default()
    ))
}

fn first_line(sql: &str) -> &str {
    sql.lines().next().unwrap_or_default()
}
