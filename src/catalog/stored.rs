//! Snapshots that pgmeta keeps in the database, as far as other families read them.

use pgmeta_core::ident::ident;
use pgmeta_core::model::Model;
use pgmeta_core::rows::take;

use crate::error::Error;
use crate::guc::Pinned;
use crate::spi::{Arg, Connection};

/// Returns the schema of the extension's functions.
pub fn extension_schema(connection: &Connection) -> Result<String, Error> {
    let _pinned = Pinned::search_path();
    let sql = "SELECT n.nspname AS name FROM pg_catalog.pg_extension e \
        JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pgmeta'";
    let mut schema = String::new();
    connection.read(sql, &[], &["name"], |cells| {
        schema = take(cells, "name")?;
        Ok(())
    })?;
    Ok(schema)
}

/// Returns the newest version of a saved snapshot.
pub fn saved_snapshot(name: &str) -> Result<Model, Error> {
    let _pinned = Pinned::new();
    let connection = Connection::open()?;
    let schema = ident(&extension_schema(&connection)?);
    let sql = format!("SELECT {schema}.pgmeta_snapshot_load($1)::pg_catalog.text AS snapshot");
    let mut text: Option<String> = None;
    connection.read(&sql, &[Arg::Text(name)], &["snapshot"], |cells| {
        text = take(cells, "snapshot")?;
        Ok(())
    })?;
    let text = text.ok_or_else(|| Error::Missing {
        what: format!("snapshot \"{name}\""),
        hint: "The view pgmeta.snapshots lists those that are saved.".into(),
        code: pgrx::PgSqlErrorCode::ERRCODE_UNDEFINED_OBJECT,
    })?;
    Ok(Model::from_json(&text)?)
}
