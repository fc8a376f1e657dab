//! Lines of JSON of format version 1, which pgmeta 0.1.0 wrote: what `row_to_json` returns, so that only the server can read them, and
//! arrays and composite types are JSON of their own. New archives do not have them.

use pgmeta_archive::format::Format;
use pgmeta_archive::value::Kind;
use pgmeta_core::ident::{ident, literal};

use crate::archive::partition::Column;
use crate::error::Error;
use crate::spi::{Arg, Connection, Shape};

/// Returns how a column is read that is JSON in the lines; `None` for others, which are as they are now.
pub fn read_as(column: &Column, kind: Kind) -> Option<(Kind, Shape, String)> {
    let name = format!("r.{}", ident(&column.name));
    (kind == Kind::Json).then(|| match column.base.as_str() {
        base @ ("json" | "jsonb") => (kind, Shape::Text, format!("{name}::pg_catalog.{base}")),
        _ => (kind, Shape::Text, format!("pg_catalog.to_json({name})::pg_catalog.text")),
    })
}

/// Returns the statement that adds a batch of lines to a table.
pub fn insertion(connection: &Connection, table: u32, names: &[String], encoding: &str) -> Result<String, Error> {
    const NAME: &str = "SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS name FROM pg_catalog.pg_class c \
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = $1::oid";
    let table: String = connection.value(NAME, &[Arg::Int(table.into())], "name")?.unwrap_or_default();
    let names: Vec<String> = names.iter().map(|name| ident(name)).collect();
    let values: Vec<String> = names.iter().map(|name| format!("r.{name}")).collect();
    Ok(format!(
        "INSERT INTO {table} ({}) OVERRIDING SYSTEM VALUE SELECT {} FROM pg_catalog.unnest($1) AS l (line), \
        pg_catalog.json_populate_record(NULL::{table}, \
        pg_catalog.convert_from(l.line, {})::pg_catalog.json) AS r",
        names.join(", "),
        values.join(", "),
        literal(encoding)
    ))
}

/// Adds a batch of lines by that statement.
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
