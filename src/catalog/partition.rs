//! Properties of a partition that depend on other objects: inherited defaults, and publications.

use std::collections::{BTreeMap, BTreeSet};

use pgmeta_core::cells::take;
use pgmeta_core::ident::Name;

use crate::catalog::reader::adapted;
use crate::error::Error;
use crate::guc::GucGuard;
use crate::server;
use crate::spi::{Arg, Connection};

/// Returns the columns of a partition whose default equals that of the parent.
pub fn inherited_defaults(partition: u32) -> Result<Vec<Name>, Error> {
    const FIND: &str = "SELECT a.attname AS name FROM pg_catalog.pg_inherits i \
        JOIN pg_catalog.pg_attribute a ON a.attrelid = i.inhrelid AND NOT a.attisdropped \
        JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum \
        JOIN pg_catalog.pg_attribute pa ON pa.attrelid = i.inhparent AND pa.attname = a.attname AND NOT pa.attisdropped \
        JOIN pg_catalog.pg_attrdef pd ON pd.adrelid = pa.attrelid AND pd.adnum = pa.attnum \
        WHERE i.inhrelid = $1::pg_catalog.oid \
            AND pg_catalog.pg_get_expr(d.adbin, d.adrelid) = pg_catalog.pg_get_expr(pd.adbin, pd.adrelid)";
    let _pinned = GucGuard::new();
    let mut names = Vec::new();
    Connection::open()?.read(FIND, &[Arg::Int(partition.into())], &["name"], |cells| {
        names.push(Name::from(take::<String>(cells, "name")?));
        Ok(())
    })?;
    Ok(names)
}

/// Returns the attribute numbers that the columns of a partition have in its parent.
pub fn numbers_in_parent(partition: u32) -> Result<BTreeMap<String, i32>, Error> {
    const FIND: &str = "SELECT a.attname AS name, pa.attnum::pg_catalog.int4 AS number FROM pg_catalog.pg_class c \
        JOIN pg_catalog.pg_inherits i ON i.inhrelid = c.oid AND c.relispartition \
        JOIN pg_catalog.pg_attribute a ON a.attrelid = i.inhrelid AND a.attnum > 0 AND NOT a.attisdropped \
        JOIN pg_catalog.pg_attribute pa ON pa.attrelid = i.inhparent AND pa.attname = a.attname AND pa.attnum > 0 AND NOT pa.attisdropped \
        WHERE c.oid = $1::pg_catalog.oid";
    let _pinned = GucGuard::new();
    let mut numbers = BTreeMap::new();
    Connection::open()?.read(FIND, &[Arg::Int(partition.into())], &["name", "number"], |cells| {
        let name = take(cells, "name")?;
        numbers.insert(name, take(cells, "number")?);
        Ok(())
    })?;
    Ok(numbers)
}

/// The entry of a table in a publication.
pub struct Membership {
    pub publication: String,
    /// `None`: all columns.
    pub columns: Option<Vec<String>>,
    /// The row filter as SQL.
    pub row_filter: Option<String>,
}

/// Returns the publications that include a table by name.
pub fn publications_of(table: u32) -> Result<Vec<Membership>, Error> {
    let _pinned = GucGuard::new();
    let connection = Connection::open()?;
    let tables = adapted(&connection, "publication_tables", server::version_num())?;
    let find = format!(
        "SELECT p.pubname AS name, t.columns, t.row_filter FROM ({tables}) AS t \
        JOIN pg_catalog.pg_publication p ON p.oid = t.publication WHERE t.relation = $1::pg_catalog.oid ORDER BY 1"
    );
    let mut found = Vec::new();
    connection.read(&find, &[Arg::Int(table.into())], &["name", "columns", "row_filter"], |cells| {
        let (publication, columns) = (take(cells, "name")?, take(cells, "columns")?);
        found.push(Membership { publication, columns, row_filter: take(cells, "row_filter")? });
        Ok(())
    })?;
    Ok(found)
}

/// Returns the names of all roles.
pub fn role_names() -> Result<BTreeSet<String>, Error> {
    let _pinned = GucGuard::new();
    let mut names = BTreeSet::new();
    Connection::open()?.read("SELECT r.rolname AS name FROM pg_catalog.pg_roles r", &[], &["name"], |cells| {
        names.insert(take(cells, "name")?);
        Ok(())
    })?;
    Ok(names)
}
