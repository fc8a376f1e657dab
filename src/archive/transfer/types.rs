//! The types of archived columns: whether they exist here, and which composite types they contain.

use pgmeta_archive::composite::{Attribute, Composite};
use pgmeta_archive::manifest::Column;
use pgmeta_core::ident::ident;

use crate::archive::errors::RecordError;
use crate::archive::queries;
use crate::error::Error;
use crate::spi::{Arg, Connection, SnapshotGuard, attempt};

query! {
    /// An attribute of a composite type, or a composite type without attributes.
    struct CompositeRow = "composites" {
        name: String,
        columns: Vec<String>,
        within: bool,
        attribute: Option<String>,
        data_type: Option<String>,
    }
}

/// Returns the composite types in the columns of a table: all columns, or those in `wanted`. The caller must have pinned
/// the settings, so that types are printed with their schemas.
pub fn composites_of(connection: &Connection, table: u32, wanted: Option<&[String]>) -> Result<Vec<Composite>, Error> {
    let _snapshot = SnapshotGuard::committed();
    let args = [Arg::Int(table.into()), Arg::Texts(wanted.unwrap_or_default()), Arg::Int(wanted.is_none().into())];
    let rows: Vec<CompositeRow> = queries::rows(connection, &args)?;
    let mut found: Vec<Composite> = Vec::new();
    for CompositeRow { name, columns, within, attribute, data_type } in rows {
        if found.last().is_none_or(|last| last.name != name) {
            found.push(Composite { name, columns, within, attributes: Vec::new() });
        }
        if let (Some(name), Some(data_type), Some(last)) = (attribute, data_type, found.last_mut()) {
            last.attributes.push(Attribute { name, data_type });
        }
    }
    Ok(found)
}

query! {
    struct AttributeRow = "composite_attributes" {
        name: Option<String>,
        data_type: Option<String>,
    }
}

/// Returns the attributes of a type by name; empty if it is not composite, `None` if it does not exist.
pub fn attributes_of(connection: &Connection, name: &str) -> Result<Option<Vec<Attribute>>, Error> {
    let rows: Vec<AttributeRow> = queries::rows(connection, &[Arg::Text(name)])?;
    if rows.is_empty() {
        return Ok(None);
    }
    let attributes = rows
        .into_iter()
        .filter_map(|AttributeRow { name, data_type }| Some(Attribute { name: name?, data_type: data_type? }));
    Ok(Some(attributes.collect()))
}

/// Returns the type of an archived column, `None` if it does not exist here. The text must be exactly one type: an adopted
/// manifest may contain anything, and the text becomes part of a statement.
pub fn of_column(connection: &Connection, column: &Column) -> Result<Option<u32>, Error> {
    let found = attempt(|| {
        queries::value::<Option<u32>>(connection, sql!("type_by_name"), &[Arg::Text(&column.data_type)], "oid")
    });
    match found {
        // SETOF and the like are not possible for a column.
        Ok(found) if !column.data_type.trim_start().to_ascii_lowercase().starts_with("setof ") => Ok(found),
        _ => Err(RecordError::ManifestType { column: ident(&column.name) }.into()),
    }
}
