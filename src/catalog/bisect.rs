//! Finds the rows on which a catalog query fails, by halving, so that one broken object does not hide the others.

use pgmeta_core::cells::{Cell, Cells};
use pgrx::PgSqlErrorCode;

use crate::encoding::shown;
use crate::error::{Error, sqlstate};
use crate::spi::{Arg, Connection, attempt};

/// An object that could not be read.
#[derive(Clone, Debug)]
pub struct Failure {
    pub query: &'static str,
    /// The value of the query's first column.
    pub row: u32,
    pub class: u32,
    pub oid: u32,
    pub kind: String,
    pub schema: Option<String>,
    pub name: Option<String>,
    pub identity: String,
    pub code: PgSqlErrorCode,
    pub message: String,
}

impl Failure {
    /// Returns the server's error message and its SQLSTATE.
    pub fn reason(&self) -> String {
        format!("{} ({})", self.message, sqlstate(self.code))
    }

    pub fn into_error(self) -> Error {
        Error::Object { what: format!("{} {}", self.kind, self.identity), code: self.code, message: self.message }
    }
}

/// A query that the server failed on.
#[derive(Clone, Copy, Debug)]
pub struct FailedQuery {
    pub name: &'static str,
    pub first_column: &'static str,
    /// The system catalog whose rows the first column names.
    pub catalog: Option<u32>,
}

/// Restricts a query by the values of its first column, which are its third parameter.
pub fn restrict_rows(sql: &str, first: &str, operator: &str) -> String {
    format!("SELECT q.* FROM (\n{sql}\n) q WHERE q.{first} {operator} ($3)")
}

/// Returns the rows on which the query fails: runs it on halves until single rows remain.
pub fn find_failing_rows(
    connection: &Connection,
    query: FailedQuery,
    sql: &str,
    args: &[Arg<'_>],
) -> Result<Vec<Failure>, Error> {
    let first = query.first_column;
    let mut rows = Vec::new();
    let listing = format!("SELECT DISTINCT q.{first} AS row FROM (\n{sql}\n) q");
    attempt(|| {
        connection.read(&listing, args, &["row"], |cells| {
            if let Cell::Oid(row) = cells.next_cell()? {
                rows.push(row);
            }
            Ok(())
        })
    })?;
    rows.sort_unstable();
    let restricted = restrict_rows(sql, first, "= ANY");
    let mut failures = Vec::new();
    let mut waiting = vec![rows];
    while let Some(rows) = waiting.pop() {
        let all: Vec<Arg<'_>> = args.iter().copied().chain([Arg::Oids(&rows)]).collect();
        let result = attempt(|| connection.run(&restricted, &all));
        match (result, rows.as_slice()) {
            (Ok(()), _) => {}
            (Err(Error::Server { code, message, .. }), &[row]) => {
                failures.push(describe(connection, query, row, code, message));
            }
            (Err(Error::Server { .. }), _) => {
                let (left, right) = rows.split_at(rows.len() / 2);
                waiting.extend([right.to_vec(), left.to_vec()]);
            }
            (Err(other), _) => return Err(other),
        }
    }
    Ok(failures)
}

/// Describes the object as far as the server can identify it.
fn describe(connection: &Connection, query: FailedQuery, row: u32, code: PgSqlErrorCode, message: String) -> Failure {
    let class = query.catalog.unwrap_or(0);
    let sql = format!("SELECT type, schema, name, identity FROM pg_catalog.pg_identify_object({class}, {row}, 0)");
    let mut texts: Vec<Option<String>> = Vec::new();
    // An object that cannot be identified is described by its OID.
    let _ = attempt(|| {
        connection.read_marked(&sql, &[], &["type", "schema", "name", "identity"], |cells| {
            for _ in 0..4 {
                texts.push(if let Cell::Text(text) = cells.next_cell()? { Some(shown(text)) } else { None });
            }
            Ok(())
        })
    });
    let mut texts = texts.into_iter();
    let mut next = || texts.next().flatten();
    let (kind, schema, name, identity) = (next(), next(), next(), next());
    Failure {
        query: query.name,
        row,
        class,
        oid: row,
        kind: kind.unwrap_or_else(|| query.name.trim_end_matches('s').replace('_', " ")),
        schema,
        name,
        identity: identity.unwrap_or_else(|| format!("with OID {row}")),
        code,
        message,
    }
}
