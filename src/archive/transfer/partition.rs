//! The properties of a table that matter for its archive.

use pgmeta_archive::json::Element;
use pgmeta_core::ident::{ident, qualified};
use pgrx::{PgLogLevel, PgSqlErrorCode};

use crate::archive::errors::RetireError;
use crate::archive::queries;
use crate::archive::records::progress::estimate;
use crate::error::Error;
use crate::message::tell;
use crate::spi::{Arg, Connection};

#[derive(Clone, Debug)]
pub struct Column {
    pub name: String,
    /// The column's attribute number in the partitioned table, which does not depend on its name.
    pub number: i32,
    pub data_type: String,
    pub type_oid: u32,
    pub type_modifier: i32,
    pub generated: bool,
    /// Whether its type is a domain.
    pub domain: bool,
    /// The base type of domains: its name if it is built in, `enum`, or empty.
    pub base: String,
    /// The type modifier of the base type.
    pub typmod: i32,
    /// The kind of the elements, for an array whose text separates them by commas.
    pub element: Option<Element>,
    /// Whether the type has a send function.
    pub sends: bool,
}

impl Column {
    /// Returns whether the type is built in and its input function reads the output of its output function: the tests of
    /// archives verify that. Columns of all other types are verified value by value.
    pub fn is_plain(&self) -> bool {
        const PLAIN: [&str; 19] = [
            "bool",
            "enum",
            "int2",
            "int4",
            "int8",
            "float4",
            "float8",
            "numeric",
            "text",
            "varchar",
            "bpchar",
            "bytea",
            "date",
            "time",
            "timestamp",
            "timestamptz",
            "uuid",
            "json",
            "jsonb",
        ];
        !self.domain && PLAIN.contains(&self.base.as_str())
    }
}

#[derive(Clone, Debug)]
pub struct Partition {
    pub oid: u32,
    pub schema: String,
    pub name: String,
    pub owner: String,
    pub owner_oid: u32,
    pub parent: Option<Parent>,
    pub bound: Option<String>,
    pub columns: Vec<Column>,
    /// Estimated number of rows, and size in bytes including TOAST.
    pub rows: i64,
    pub bytes: i64,
    /// The server's counter of changes.
    pub changes: Option<i64>,
}

#[derive(Clone, Debug)]
pub struct Parent {
    pub oid: u32,
    pub schema: String,
    pub name: String,
}

impl Parent {
    pub fn quoted(&self) -> String {
        qualified(&self.schema, &self.name)
    }
}

query! {
    struct TableRow = "table" {
        schema: String,
        name: String,
        kind: String,
        owner_oid: u32,
        owner: String,
        bound: Option<String>,
        parent_oid: Option<u32>,
        parent_schema: Option<String>,
        parent_name: Option<String>,
        pending: bool,
        rows: i64,
        bytes: i64,
        changes: Option<i64>,
    }
}

impl Partition {
    /// Reads a table that has storage; other relations are errors.
    pub fn read(connection: &Connection, oid: u32) -> Result<Self, Error> {
        let found: Option<TableRow> = queries::optional(connection, &[Arg::Int(oid.into())])?;
        let row = found.ok_or_else(|| Error::Missing {
            what: format!("relation with OID {oid}"),
            hint: String::new(),
            code: PgSqlErrorCode::ERRCODE_UNDEFINED_TABLE,
        })?;
        let parent = match (row.parent_oid, row.parent_schema, row.parent_name) {
            (Some(oid), Some(schema), Some(name)) => Some(Parent { oid, schema, name }),
            _ => None,
        };
        let mut partition = Self {
            oid,
            schema: row.schema,
            name: row.name,
            owner: row.owner,
            owner_oid: row.owner_oid,
            parent,
            bound: row.bound,
            columns: Vec::new(),
            rows: row.rows,
            bytes: row.bytes,
            changes: row.changes,
        };
        let table = partition.quoted();
        match row.kind.as_str() {
            "r" => {}
            "p" => return Err(RetireError::PartitionedTable(table).into()),
            "f" => return Err(RetireError::ForeignTable(table).into()),
            _ => return Err(RetireError::NotTable(table).into()),
        }
        if row.pending {
            return Err(RetireError::PendingDetach(table).into());
        }
        partition.columns = columns(connection, oid)?;
        partition.rows = estimate(oid).unwrap_or(partition.rows);
        Ok(partition)
    }

    pub fn quoted(&self) -> String {
        qualified(&self.schema, &self.name)
    }

    /// Warns if tables inherit from it: their rows are not included.
    pub fn tell_of_children(&self, connection: &Connection) -> Result<(), Error> {
        let count: i64 = queries::value(connection, sql!("child_count"), &[Arg::Int(self.oid.into())], "count")?;
        if count > 0 {
            let message =
                format!("the rows of {count} tables that inherit from {} are not in its archive", self.quoted());
            tell(PgLogLevel::NOTICE, PgSqlErrorCode::ERRCODE_SUCCESSFUL_COMPLETION, message);
        }
        Ok(())
    }

    /// Returns the table with its present columns.
    pub fn with_columns_of_now(&self, connection: &Connection) -> Result<Self, Error> {
        Ok(Self { columns: columns(connection, self.oid)?, ..self.clone() })
    }

    /// Returns the columns that the files contain: all, or those in `wanted`.
    pub fn stored_columns(&self, wanted: Option<&[String]>) -> Result<Vec<&Column>, Error> {
        let Some(wanted) = wanted else { return Ok(self.columns.iter().collect()) };
        let find = |name: &String| {
            self.columns.iter().find(|column| column.name == *name).ok_or_else(|| Error::Missing {
                what: format!("column {} of {}", ident(name), self.quoted()),
                hint: "The option columns names it.".into(),
                code: PgSqlErrorCode::ERRCODE_UNDEFINED_COLUMN,
            })
        };
        wanted.iter().map(find).collect()
    }
}

query! {
    struct ColumnRow = "table_columns" {
        name: String,
        number: i32,
        data_type: String,
        type_oid: u32,
        type_modifier: i32,
        generated: bool,
        domain: bool,
        base: String,
        typmod: i32,
        sends: bool,
        element: Option<String>,
    }
}

fn columns(connection: &Connection, oid: u32) -> Result<Vec<Column>, Error> {
    let rows: Vec<ColumnRow> = queries::rows(connection, &[Arg::Int(oid.into())])?;
    let element = |name: String| match name.as_str() {
        "bool" => Element::Bool,
        "int2" | "int4" | "int8" | "float4" | "float8" | "numeric" => Element::Number,
        "json" | "jsonb" => Element::Document,
        _ => Element::Text,
    };
    let column = |row: ColumnRow| Column {
        name: row.name,
        number: row.number,
        data_type: row.data_type,
        type_oid: row.type_oid,
        type_modifier: row.type_modifier,
        generated: row.generated,
        domain: row.domain,
        base: row.base,
        typmod: row.typmod,
        element: row.element.map(element),
        sends: row.sends,
    };
    Ok(rows.into_iter().map(column).collect())
}
