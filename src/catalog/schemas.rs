//! Finds schemas by name.

use std::collections::BTreeSet;

use pgmeta_core::cells::take;

use crate::catalog::hints;
use crate::error::Error;
use crate::guc::GucGuard;
use crate::spi::Connection;

/// Returns an error if schemas do not exist, with their names.
pub fn require_schemas(names: &[&str]) -> Result<(), Error> {
    let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    let _pinned = GucGuard::new();
    schemas(&Connection::open()?, Some(&names)).map(drop)
}

/// Returns the names of schemas that do not exist.
pub fn missing_schemas(names: &[&str]) -> Result<Vec<String>, Error> {
    match require_schemas(names) {
        Ok(()) => Ok(Vec::new()),
        Err(Error::MissingSchemas { names, .. }) => Ok(names),
        Err(other) => Err(other),
    }
}

/// Returns the OIDs of schemas; an error names all that are missing.
pub fn schemas(connection: &Connection, wanted: Option<&[String]>) -> Result<Vec<u32>, Error> {
    let mut oids = Vec::new();
    let mut missing: BTreeSet<&String> = wanted.into_iter().flatten().collect();
    let mut known = Vec::new();
    let sql = "SELECT oid, nspname AS name, nspname ~ '^pg_' OR nspname = 'information_schema' AS system FROM pg_catalog.pg_namespace";
    connection.read_marked(sql, &[], &["oid", "name", "system"], |cells| {
        let (oid, name): (u32, String) = (take(cells, "oid")?, take(cells, "name")?);
        let system: bool = take(cells, "system")?;
        let found = match wanted {
            Some(_) => missing.remove(&name),
            None => !system,
        };
        if found {
            oids.push(oid);
        }
        if !system {
            known.push(name);
        }
        Ok(())
    })?;
    if missing.is_empty() {
        return Ok(oids);
    }
    let names: Vec<&String> = missing.into_iter().collect();
    let hint = hints::suggest_schemas(connection, &names, &known)?;
    Err(Error::MissingSchemas { names: names.into_iter().cloned().collect(), hint })
}
