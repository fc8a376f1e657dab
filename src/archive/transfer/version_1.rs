//! Lines of JSON of format version 1, which pgmeta 0.1.0 wrote: the output of `row_to_json`. Only the server can read it,
//! because arrays and composite types are nested JSON. New archives do not use it.

use pgmeta_archive::format::Format;
use pgmeta_archive::value::Kind;
use pgmeta_core::ident::{ident, literal};

use crate::archive::queries;
use crate::archive::transfer::partition::Column;
use crate::error::Error;
use crate::spi::{Arg, Connection, Shape};

/// Returns how a column is read that is JSON in the lines; `None` for other columns, which are read as in new archives.
pub fn read_as(column: &Column, kind: Kind) -> Option<(Kind, Shape, String)> {
    let name = format!("r.{}", ident(&column.name));
    (kind == Kind::Json).then(|| match column.base.as_str() {
        base @ ("json" | "jsonb") => (kind, Shape::Text, format!("{name}::pg_catalog.{base}")),
        _ => (kind, Shape::Text, format!("pg_catalog.to_json({name})::pg_catalog.text")),
    })
}

/// Returns the statement that inserts a batch of lines into a table.
pub fn insertion(connection: &Connection, table: u32, names: &[String], encoding: &str) -> Result<String, Error> {
    let table: String = queries::value(connection, sql!("qualified_name"), &[Arg::Int(table.into())], "name")?;
    let names: Vec<String> = names.iter().map(|name| ident(name)).collect();
    let values: Vec<String> = names.iter().map(|name| format!("r.{name}")).collect();
    let values = [
        ("table", &*table),
        ("columns", &*names.join(", ")),
        ("values", &*values.join(", ")),
        ("encoding", &*literal(encoding)),
    ];
    queries::fill(sql!("insert_lines"), &values)
}

/// Inserts a batch of lines by that statement.
pub fn insert<G: 'static>(
    connection: &Connection,
    sql: &str,
    batch: &[u8],
    act: impl FnMut() -> G,
) -> Result<(), Error> {
    let mut lines = Vec::new();
    let mut rest = batch;
    while let Some(length) = Format::Jsonl.record(rest, true) {
        lines.push(&rest[..length]);
        rest = &rest[length..];
    }
    connection.change_as(sql, &[Arg::Blobs(&lines)], act)
}
