//! Finds the rows on which a catalog query fails, by halving, so that one broken object does not hide the others.

use pgmeta_core::catalog_rows::class;
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

/// Returns the catalog to which the first column of a query belongs.
fn catalog_of(query: &str) -> u32 {
    match query {
        "functions" | "aggregates" => class::PROC,
        "constraints" | "domain_constraints" => class::CONSTRAINT,
        "triggers" => class::TRIGGER,
        "rules" => class::REWRITE,
        "policies" => class::POLICY,
        "types" | "domains" => class::TYPE,
        "operators" => class::OPERATOR,
        "operator_classes" => class::OPCLASS,
        "operator_families" => class::OPFAMILY,
        "casts" => class::CAST,
        "collations" => class::COLLATION,
        "conversions" => class::CONVERSION,
        "statistics_objects" => class::STATISTIC_EXT,
        "publications" | "publication_tables" => class::PUBLICATION,
        "event_triggers" => class::EVENT_TRIGGER,
        _ => class::CLASS,
    }
}

/// Restricts a query by the values of its first column, which are its third parameter.
pub fn wrapped(sql: &str, first: &str, operator: &str) -> String {
    format!("SELECT q.* FROM (\n{sql}\n) q WHERE q.{first} {operator} ($3)")
}

/// Returns the rows on which the query fails: runs it on halves until single rows remain.
pub fn failing(
    connection: &Connection,
    query: &'static str,
    sql: &str,
    first: &'static str,
    args: &[Arg<'_>],
) -> Result<Vec<Failure>, Error> {
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
    let restricted = wrapped(sql, first, "= ANY");
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
fn describe(connection: &Connection, query: &'static str, row: u32, code: PgSqlErrorCode, message: String) -> Failure {
    let class = catalog_of(query);
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
        query,
        row,
        class,
        oid: row,
        kind: kind.unwrap_or_else(|| query.trim_end_matches('s').replace('_', " ")),
        schema,
        name,
        identity: identity.unwrap_or_else(|| format!("with OID {row}")),
        code,
        message,
    }
}
