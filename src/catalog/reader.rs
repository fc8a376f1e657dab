//! Runs the catalog queries in the caller's snapshot and builds the model from their rows. Prints nothing.

use std::collections::BTreeSet;

use pgmeta_core::rows::{AddTo, Builder, Cell, Reading, RowError, Visitor, take, visit_all};
use pgrx::pg_sys;

use crate::catalog::{queries, versions};
use crate::error::Error;
use crate::guc::Pinned;
use crate::spi::Connection;

/// Which part of the database to read.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// The schemas by name; `None`: all but the system's.
    pub schemas: Option<Vec<String>>,
    /// Further relations, by OID.
    pub relations: Vec<u32>,
    /// Kinds that live in no schema.
    pub global: bool,
    /// Roles, tablespaces, databases, settings.
    pub cluster: bool,
}

/// Queries on what only the privileged may read, and on what that is; without the privilege nothing is read.
const PRIVILEGED: &[(&str, &str)] = &[("role_passwords", "pg_catalog.pg_authid")];

/// Reads the model. Everything is read in one snapshot: that of the query that calls the function.
pub fn read(scope: &Scope) -> Result<Reading, Error> {
    let _pinned = Pinned::new();
    let connection = Connection::open()?;
    let version = server_version_num();
    let schemas = schemas(&connection, scope.schemas.as_deref())?;
    let mut builder = Builder::new(version);
    let mut reader = Reader {
        connection: &connection,
        version,
        schemas: &schemas,
        relations: &scope.relations,
    };
    visit_all(&mut reader, &mut builder, scope.cluster, scope.global)?;
    Ok(builder.finish())
}

/// Returns the running server's version, 150020 for 15.20.
pub fn server_version_num() -> u32 {
    // SAFETY: the setting exists in every server.
    let text = unsafe { pg_sys::GetConfigOption(c"server_version_num".as_ptr(), false, false) };
    // SAFETY: the server returns a C string.
    let text = unsafe { std::ffi::CStr::from_ptr(text) };
    text.to_str()
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(pg_sys::PG_VERSION_NUM)
}

/// Resolves schema names; all that are missing are named at once.
fn schemas(connection: &Connection, wanted: Option<&[String]>) -> Result<Vec<u32>, Error> {
    let mut oids = Vec::new();
    let mut missing: BTreeSet<&String> = wanted.unwrap_or_default().iter().collect();
    let sql = "SELECT oid, nspname AS name, nspname ~ '^pg_' OR nspname = 'information_schema' AS system FROM pg_catalog.pg_namespace";
    connection.read(sql, &[], &["oid", "name", "system"], |cells| {
        let Cell::Oid(oid) = cells.next_cell()? else {
            return Err(RowError::WrongType("oid"));
        };
        let Cell::Text(name) = cells.next_cell()? else {
            return Err(RowError::WrongType("name"));
        };
        let name = name.to_owned();
        let Cell::Bool(system) = cells.next_cell()? else {
            return Err(RowError::WrongType("system"));
        };
        let found = match wanted {
            Some(_) => missing.remove(&name),
            None => !system,
        };
        if found {
            oids.push(oid);
        }
        Ok(())
    })?;
    if missing.is_empty() {
        Ok(oids)
    } else {
        Err(Error::MissingSchemas(
            missing.into_iter().cloned().collect(),
        ))
    }
}

/// Returns whether the caller may read the relation.
fn may_select(connection: &Connection, relation: &str) -> Result<bool, Error> {
    let mut may = false;
    let sql = format!("SELECT pg_catalog.has_table_privilege('{relation}', 'SELECT') AS may");
    connection.read(&sql, &[], &["may"], |cells| {
        may = take(cells, "may")?;
        Ok(())
    })?;
    Ok(may)
}

/// Runs one query after the other.
struct Reader<'a> {
    connection: &'a Connection,
    version: u32,
    schemas: &'a [u32],
    relations: &'a [u32],
}

impl Visitor for Reader<'_> {
    type Error = Error;

    fn visit<R: AddTo>(&mut self, builder: &mut Builder) -> Result<(), Error> {
        let privileged = PRIVILEGED.iter().find(|(query, _)| *query == R::QUERY);
        if let Some((_, relation)) = privileged
            && !may_select(self.connection, relation)?
        {
            return Ok(());
        }
        let text = queries::text(R::QUERY).ok_or_else(|| Error::QueryShape(R::QUERY.into()))?;
        let sql = versions::adapt(text, self.version);
        let result =
            self.connection
                .read(&sql, &[self.schemas, self.relations], R::COLUMNS, |cells| {
                    R::from_row(cells)?.add_to(builder)
                });
        result.map_err(|error| match error {
            Error::BareRow(source) => Error::Row {
                query: R::QUERY,
                source,
            },
            other => other,
        })
    }
}
