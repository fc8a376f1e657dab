//! Restores values of composite types whose attributes have changed. They are read and verified as temporary types with the
//! old attributes, and then converted by attribute names. New attributes are NULL. Lost attributes are an error before any
//! row is read.

use std::collections::BTreeMap;

use pgmeta_archive::composite::{Attribute, Change, Composite};
use pgmeta_archive::manifest::Manifest;
use pgmeta_core::ident::{ident, qualified};

use crate::archive::errors::RestoreError;
use crate::archive::queries;
use crate::archive::transfer::types::attributes_of;
use crate::error::Error;
use crate::guc::GucGuard;
use crate::rights;
use crate::spi::{Arg, Connection, SnapshotGuard, execute_within};

/// Composite types that must be read with their old attributes.
pub struct ChangedTypes<'a> {
    /// Changed types, and types that contain one, by name.
    types: BTreeMap<&'a str, ArchivedType<'a>>,
    /// The columns of these types: name and type.
    columns: Vec<(&'a str, &'a str)>,
}

struct ArchivedType<'a> {
    composite: &'a Composite,
    now: Vec<Attribute>,
}

/// Finds the types that have changed; `None` if all values can be read directly.
pub fn find(manifest: &Manifest) -> Result<Option<ChangedTypes<'_>>, Error> {
    // An archive without rows has no values to convert.
    if manifest.rows == 0 {
        return Ok(None);
    }
    let _pinned = GucGuard::new();
    let _snapshot = SnapshotGuard::committed();
    let connection = Connection::open()?;
    let mut types = BTreeMap::new();
    let mut others = Vec::new();
    for composite in &manifest.composites {
        // If a type does not exist, creating the table reports it.
        let Some(now) = attributes_of(&connection, &composite.name)? else { continue };
        match composite.change(&now) {
            Change::None => others.push(ArchivedType { composite, now }),
            Change::Order if !composite.within => {
                types.insert(composite.name.as_str(), ArchivedType { composite, now });
            }
            change => return Err(refusal(composite, &now, &change)),
        }
    }
    if types.is_empty() {
        return Ok(None);
    }
    // A type with an attribute of a changed type is affected as well.
    loop {
        let has = |archived: &ArchivedType<'_>| {
            archived.now.iter().any(|attribute| types.contains_key(attribute.data_type.as_str()))
        };
        let Some(at) = others.iter().position(has) else { break };
        let archived = others.swap_remove(at);
        types.insert(archived.composite.name.as_str(), archived);
    }
    let columns = manifest.columns.iter().map(|column| (column.name.as_str(), column.data_type.as_str()));
    let columns = columns.filter(|(_, data_type)| types.contains_key(data_type)).collect();
    Ok(Some(ChangedTypes { types, columns }))
}

fn refusal(composite: &Composite, now: &[Attribute], change: &Change) -> Error {
    let (name, difference) = (&composite.name, composite.difference(now));
    let columns: Vec<String> = composite.columns.iter().map(|column| ident(column)).collect();
    let word = if columns.len() == 1 { "column" } else { "columns" };
    let (columns, name) = (format!("{word} {}", columns.join(", ")), name.clone());
    match change {
        Change::Loss { remedy, retyped } => {
            RestoreError::LostAttributes { columns, name, difference, remedy: remedy.to_string(), retyped: *retyped }
        }
        Change::None | Change::Order => RestoreError::ChangedWithin { columns, name, difference },
    }
    .into()
}

impl ChangedTypes<'_> {
    /// Changes the columns of a new, empty table to temporary types with the old attributes. The caller owns the table.
    pub fn create_temporary_types(&self, oid: u32, table: &str) -> Result<(), Error> {
        let run = |sql: &str| {
            let _pinned = GucGuard::running(0);
            execute_within(sql, 0)
        };
        let names = self.names(oid)?;
        let was = |data_type: &str| match self.types.keys().position(|name| *name == data_type) {
            Some(at) => names[at].clone(),
            None => data_type.to_owned(),
        };
        // Create all types first, because they may be attributes of each other.
        for name in &names {
            run(&format!("CREATE TYPE {name} AS ()"))?;
        }
        for (name, archived) in names.iter().zip(self.types.values()) {
            for attribute in &archived.composite.attributes {
                // The text of the type is as the server printed it.
                run(&format!(
                    "ALTER TYPE {name} ADD ATTRIBUTE {} {}",
                    ident(&attribute.name),
                    was(&attribute.data_type)
                ))?;
            }
        }
        for (column, data_type) in &self.columns {
            let column = ident(column);
            run(&format!("ALTER TABLE {table} ALTER COLUMN {column} TYPE {} USING NULL", was(data_type)))?;
        }
        Ok(())
    }

    /// Converts the values to the present types, as the table's owner, and drops the temporary types. `code`: the role as
    /// which the code of the types runs.
    pub fn convert_values(&self, oid: u32, table: &str, code: Option<u32>) -> Result<(), Error> {
        let owner = rights::owner_of(oid)?;
        if code.is_some_and(|code| code != owner) {
            return Err(RestoreError::ChangedTypesAndDomains.into());
        }
        let names = self.names(oid)?;
        {
            let _pinned = GucGuard::running(0);
            let _code = rights::as_code_owner(owner);
            let changes = self.columns.iter().map(|(column, data_type)| {
                let column = ident(column);
                let value = self.converted(&column, data_type);
                format!("ALTER COLUMN {column} TYPE {data_type} USING {value}")
            });
            // Convert all columns in one rewrite.
            let sql = format!("ALTER TABLE {table} {}", changes.collect::<Vec<_>>().join(", "));
            execute_within(&sql, 0).map_err(|error| {
                let types: Vec<&str> = self.types.keys().copied().collect();
                RestoreError::Conversion { types: types.join(", "), source: Box::new(error) }
            })?;
        }
        let _pinned = GucGuard::running(0);
        execute_within(&format!("DROP TYPE {}", names.join(", ")), 0)
    }

    /// Returns an expression that converts a value of an old type.
    fn converted(&self, value: &str, data_type: &str) -> String {
        let Some(archived) = self.types.get(data_type) else { return value.to_owned() };
        let fields = archived.now.iter().map(|attribute| {
            match archived.composite.attributes.iter().any(|before| before.name == attribute.name) {
                true => self.converted(&format!("({value}).{}", ident(&attribute.name)), &attribute.data_type),
                false => "NULL".to_owned(),
            }
        });
        let fields: Vec<String> = fields.collect();
        // A composite value of NULLs is not NULL.
        format!("CASE WHEN {value} IS DISTINCT FROM NULL THEN ROW({})::{data_type} END", fields.join(", "))
    }

    /// Returns unique names for the temporary types.
    fn names(&self, oid: u32) -> Result<Vec<String>, Error> {
        let _pinned = GucGuard::new();
        let _snapshot = SnapshotGuard::new();
        let args = [Arg::Int(oid.into())];
        let schema: String = queries::value(&Connection::open()?, sql!("table_schema"), &args, "name")?;
        Ok((1..=self.types.len()).map(|at| qualified(&schema, &format!("pgmeta_was_{oid}_{at}"))).collect())
    }
}
