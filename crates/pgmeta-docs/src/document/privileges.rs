//! The privileges on an object as rows of a page.

use pgmeta_core::ident::{Name, ident};
use pgmeta_core::model::{Grant, ObjectRef};

use super::page::Cell;
use super::words::joined;

/// The words above the columns of these rows.
pub const HEADERS: [&str; 4] = ["Role", "Privileges", "With grant option", "Column"];

/// Returns the privileges on an object, those of PostgreSQL's default too, and on its columns.
pub fn rows(object: ObjectRef<'_>, server_version_num: u32) -> Vec<Vec<Cell>> {
    let own = object.object().shared().grants(object.object().key().kind, server_version_num);
    let of_columns = object.columns().iter().flat_map(|column| {
        let grants = column.privileges.iter().flat_map(|grants| grants.iter());
        grants.map(|grant| row(grant, Some(&column.name)))
    });
    own.iter().map(|grant| row(grant, None)).chain(of_columns).collect()
}

fn row(grant: &Grant, column: Option<&Name>) -> Vec<Cell> {
    vec![
        Cell::text(grant.grantee.as_deref().map_or_else(|| "PUBLIC".to_owned(), ident)),
        Cell::text(joined(grant.privileges.iter().map(|own| own.word()))),
        Cell::text(joined(grant.grantable.iter().map(|own| own.word()))),
        Cell::text(column.map(|column| ident(column)).unwrap_or_default()),
    ]
}
