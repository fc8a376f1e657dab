//! What is deployed of a definition, and in which state.

use pgmeta_core::cells::take;
use pgmeta_core::ident::ident;
use pgmeta_core::model::Model;
use serde_json::{Value, json};

use crate::error::Error;
use crate::guc::GucGuard;
use crate::registry::database;
use crate::registry::deployed;
use crate::registry::entry::Entry;
use crate::registry::store::read;
use crate::registry::target::Target;
use crate::registry::version::fingerprint_of;
use crate::registry::work::{Deployed, keeping};
use crate::spi::{Arg, Connection, SnapshotGuard};

/// Returns the state of a definition.
pub fn status(entry: &Entry) -> Result<Value, Error> {
    const STATE: &str = "SELECT s.status, s.error FROM pgmeta_registry.states s WHERE s.definition = $1::uuid";
    let (mut status, mut error) = (String::new(), None::<String>);
    read(STATE, &[Arg::Text(&entry.id)], &["status", "error"], |cells| {
        status = take(cells, "status")?;
        error = take(cells, "error")?;
        Ok(())
    })?;
    let target = entry.target();
    let (drift, tables) = match (&target, deployed::saved(entry)?) {
        (Some(target), Some((saved, prepared))) => live_state(entry, target, saved, &prepared)?,
        _ => (Vec::new(), Vec::new()),
    };
    Ok(json!({
        "status": status,
        "version": entry.version,
        "deployed_version": entry.deployed_version,
        "fingerprint": fingerprint_of(entry, None)?,
        "deployed_fingerprint": entry.deployed_fingerprint,
        "target": target.as_ref().map(Value::from),
        "drift": drift,
        "tables": tables,
        "error": error,
    }))
}

/// Returns what was changed by hand since the deployment, and the tables.
fn live_state(
    entry: &Entry,
    target: &Target,
    saved: Model,
    prepared: &[String],
) -> Result<(Vec<Value>, Vec<Value>), Error> {
    let schemas = deployed::schema_names(&saved);
    let (live, tables) = match target {
        Target::Schema(_) => (Deployed::read(&schemas)?, tables(&schemas)?),
        Target::Database(name) => match database::read(name, schemas)? {
            Some(read) => read,
            None => {
                let row = json!({"ordinal": 1, "change": "drop", "type": "database", "schema": null, "name": name,
                    "identity": ident(name), "detail": null});
                return Ok((vec![row], Vec::new()));
            }
        },
    };
    // After a crash between two commits, the database is ahead of what the registry has saved.
    if entry.deployed_fingerprint.as_ref() == Some(&live.fingerprint) {
        return Ok((Vec::new(), tables));
    }
    let saved = keeping(saved, &live.model, prepared);
    Ok((deployed::drift(&saved, &live.model).iter().enumerate().map(drift_row).collect(), tables))
}

/// Returns a row as `pgmeta_diff` does.
fn drift_row((at, own): (usize, &pgmeta_core::plan::Difference)) -> Value {
    json!({
        "ordinal": at + 1, "change": own.change, "type": own.kind, "schema": own.schema.as_ref().map(|name| name.to_string()),
        "name": own.name, "identity": own.identity, "detail": own.detail,
    })
}

/// Returns the tables of schemas with their sizes: the number of rows is that of the server's statistics.
pub fn tables(schemas: &[String]) -> Result<Vec<Value>, Error> {
    const TABLES: &str = "SELECT n.nspname AS schema, c.relname AS name, GREATEST(c.reltuples, 0)::bigint AS rows, \
            pg_total_relation_size(c.oid) AS bytes \
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
        WHERE n.nspname = ANY ($1) AND c.relkind IN ('r', 'p') ORDER BY 1, 2";
    let _pinned = GucGuard::new();
    let _snapshot = SnapshotGuard::new();
    let mut tables = Vec::new();
    Connection::open()?.read(TABLES, &[Arg::Texts(schemas)], &["schema", "name", "rows", "bytes"], |cells| {
        let (schema, name): (String, String) = (take(cells, "schema")?, take(cells, "name")?);
        let (rows, bytes): (i64, i64) = (take(cells, "rows")?, take(cells, "bytes")?);
        tables.push(json!({"schema": schema, "name": name, "rows": rows, "bytes": bytes}));
        Ok(())
    })?;
    Ok(tables)
}
