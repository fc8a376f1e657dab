//! The queries of archives. Each text is in `<name>.sql` in this folder; each row is a struct in the file that uses it.
//! Replaces the placeholders `{{…}}` of a text; makes no decisions.
//!
//! - `{{is_ours}}`: whether a record `r` was made in this database. Files of attempts of another database may be in use
//!   there.
//! - `{{partition_here}}`: the OID of the partition of a record `r` in this database, or 0. A record that came with pg_dump
//!   has a stale OID: its partition is found by name, unless the record says that it was dropped.
//! - `{{state.STATE}}`, `{{states.SET}}`, `{{class.CLASS}}`, `{{classes.interruption}}`: words of `State` and `ErrorClass`.
//! - `{{type_parts}}`: the relation `parts` of `type_parts.sql`.
//! - All others are passed to `fill` by the caller.

use pgmeta_archive::error_class::ErrorClass;
use pgmeta_archive::state::State;
use pgmeta_core::cells::{Cell, Cells, FromCell, RowError, take};
use pgmeta_core::ident::literal;

use crate::error::Error;
use crate::server;
use crate::spi::{Arg, Connection};

/// Returns the text of a query by its name.
macro_rules! sql {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/archive/queries/", $name, ".sql"))
    };
}

/// Declares the row of a query: the struct's fields are the query's columns, in order and by name.
macro_rules! query {
    ($(#[$meta:meta])* $vis:vis struct $name:ident = $query:literal {
        $($(#[$field_meta:meta])* $field_vis:vis $field:ident: $type:ty),* $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Clone, Debug)]
        $vis struct $name { $($(#[$field_meta])* $field_vis $field: $type),* }

        impl crate::archive::queries::Query for $name {
            const TEXT: &'static str = sql!($query);
            const COLUMNS: &'static [&'static str] = &[$(stringify!($field)),*];
            fn from_row(
                cells: &mut dyn pgmeta_core::cells::Cells,
            ) -> Result<Self, pgmeta_core::cells::RowError> {
                Ok(Self { $($field: pgmeta_core::cells::take(cells, stringify!($field))?),* })
            }
        }
    };
}

/// A query and its row.
pub trait Query: Sized {
    const TEXT: &'static str;
    const COLUMNS: &'static [&'static str];
    fn from_row(cells: &mut dyn Cells) -> Result<Self, RowError>;
}

/// The column `state` of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordedState(pub State);

impl FromCell for RecordedState {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Text(word) => word.parse().ok().map(Self),
            _ => None,
        }
    }
}

/// Returns all rows.
pub fn rows<Q: Query>(connection: &Connection, args: &[Arg<'_>]) -> Result<Vec<Q>, Error> {
    let mut rows = Vec::new();
    connection.read(&text(Q::TEXT)?, args, Q::COLUMNS, |cells| {
        rows.push(Q::from_row(cells)?);
        Ok(())
    })?;
    Ok(rows)
}

/// Returns the row of a query that returns at most one.
pub fn optional<Q: Query>(connection: &Connection, args: &[Arg<'_>]) -> Result<Option<Q>, Error> {
    Ok(rows(connection, args)?.pop())
}

/// Returns the row of a query that always returns one.
pub fn one<Q: Query>(connection: &Connection, args: &[Arg<'_>]) -> Result<Q, Error> {
    optional(connection, args)?.ok_or_else(|| Error::NoRow(Q::COLUMNS.join(", ")))
}

/// Returns all values of a query with one column.
pub fn values<T: FromCell>(
    connection: &Connection,
    sql: &str,
    args: &[Arg<'_>],
    column: &'static str,
) -> Result<Vec<T>, Error> {
    let mut values = Vec::new();
    connection.read(&text(sql)?, args, &[column], |cells| {
        values.push(take(cells, column)?);
        Ok(())
    })?;
    Ok(values)
}

/// Returns the value of a query with one column and at most one row.
pub fn optional_value<T: FromCell>(
    connection: &Connection,
    sql: &str,
    args: &[Arg<'_>],
    column: &'static str,
) -> Result<Option<T>, Error> {
    connection.value(&text(sql)?, args, column)
}

/// Returns the value of a query with one column that always returns one row.
pub fn value<T: FromCell>(
    connection: &Connection,
    sql: &str,
    args: &[Arg<'_>],
    column: &'static str,
) -> Result<T, Error> {
    connection.one(&text(sql)?, args, column)
}

/// Runs a statement that changes rows; returns the number of changed rows.
pub fn change(connection: &Connection, sql: &str, args: &[Arg<'_>]) -> Result<i64, Error> {
    connection.changed(&text(sql)?, args)
}

/// Inserts a row; returns its column `id`.
pub fn insert(connection: &Connection, sql: &str, args: &[Arg<'_>]) -> Result<i64, Error> {
    let mut id = None;
    connection.write(&text(sql)?, args, &["id"], |cells| {
        id = Some(take(cells, "id")?);
        Ok(())
    })?;
    id.ok_or_else(|| Error::NoRow("id".to_owned()))
}

/// Runs a query that must see the changes of this transaction; returns its only row.
pub fn one_after_writing<Q: Query>(connection: &Connection, args: &[Arg<'_>]) -> Result<Q, Error> {
    let mut row = None;
    connection.write(&text(Q::TEXT)?, args, Q::COLUMNS, |cells| {
        row = Some(Q::from_row(cells)?);
        Ok(())
    })?;
    row.ok_or_else(|| Error::NoRow(Q::COLUMNS.join(", ")))
}

/// Replaces the placeholders that all queries may use.
fn text(sql: &str) -> Result<String, Error> {
    fill(sql, &[])
}

/// Replaces the placeholders: `values`, and those that all queries may use. Values are SQL; placeholders in them are not
/// replaced.
pub fn fill(sql: &str, values: &[(&str, &str)]) -> Result<String, Error> {
    let mut filled = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").ok_or_else(|| Error::Placeholder(after.to_owned()))?;
        filled += before;
        match values.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => filled += value,
            None => filled += &common(name).ok_or_else(|| Error::Placeholder(name.to_owned()))?,
        }
        rest = after;
    }
    filled += rest;
    Ok(filled)
}

fn common(name: &str) -> Option<String> {
    if let Some(state) = name.strip_prefix("state.") {
        return state.parse::<State>().ok().map(|state| literal(state.as_str()));
    }
    if let Some(class) = name.strip_prefix("class.") {
        return ErrorClass::ALL.iter().find(|known| known.as_str() == class).map(|class| literal(class.as_str()));
    }
    Some(match name {
        "states.running" => states(&State::RUNNING),
        "states.writing" => states(&State::WRITING),
        "states.unproved" => states(&State::UNPROVED),
        "states.proved" => states(&State::PROVED),
        "states.unsuccessful" => states(&State::UNSUCCESSFUL),
        "states.settled" => states(&State::SETTLED),
        "classes.interruption" => {
            list(ErrorClass::ALL.iter().filter(|class| class.is_interruption()).map(|c| c.as_str()))
        }
        "is_ours" => format!("r.origin = {}", literal(&server::origin())),
        "partition_here" => format!(
            "CASE WHEN {} THEN r.partition_oid WHEN r.state = {} THEN 0::oid \
             ELSE COALESCE(pg_catalog.to_regclass(r.partition)::oid, 0) END",
            common("is_ours")?,
            literal(State::Retired.as_str())
        ),
        "type_parts" => sql!("type_parts").trim_end().to_owned(),
        _ => return None,
    })
}

fn states(states: &[State]) -> String {
    list(states.iter().map(|state| state.as_str()))
}

fn list<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.map(literal).collect::<Vec<_>>().join(", ")
}
