//! Deployed schemas: reading them, and what was changed in them since.

use pgmeta_core::cells::take;
use pgmeta_core::ddl;
use pgmeta_core::diff::diff;
use pgmeta_core::fingerprint::fingerprint;
use pgmeta_core::model::Model;
use pgmeta_core::parallel::Sequential;
use pgmeta_core::plan::{Difference, Options, describe_unplanned, differences};

use crate::catalog::{self, Scope};
use crate::error::Error;
use crate::guc::GucGuard;
use crate::jsonb::Document;
use crate::registry::entry::Entry;
use crate::registry::store::{change, read};
use crate::spi::{Arg, Connection, SnapshotGuard};

/// Returns the schemas of a model.
pub fn schema_names(model: &Model) -> Vec<String> {
    model.schemas.iter().map(|schema| schema.name.to_string()).collect()
}

/// Reads schemas as they are now; those that do not exist are left out.
pub fn model_of(schemas: &[String]) -> Result<Model, Error> {
    let existing = existing(schemas)?;
    let _snapshot = SnapshotGuard::new();
    let mut model = catalog::read(&Scope::of_schemas(Some(existing), false))?.model;
    // They belong to the database, and a definition only requires them.
    model.extensions.clear();
    Ok(model)
}

/// Returns the schemas that exist.
pub fn existing(schemas: &[String]) -> Result<Vec<String>, Error> {
    let _snapshot = SnapshotGuard::new();
    let names: Vec<&str> = schemas.iter().map(String::as_str).collect();
    let missing = catalog::missing_schemas(&names)?;
    Ok(schemas.iter().filter(|name| !missing.contains(name)).cloned().collect())
}

/// Returns the name of an extension with objects in a schema.
pub fn extension_in(schema: &str) -> Result<Option<String>, Error> {
    const FIND: &str = "SELECT e.extname AS name FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace \
        WHERE n.nspname = $1 ORDER BY e.extname LIMIT 1";
    let _pinned = GucGuard::new();
    let _snapshot = SnapshotGuard::new();
    Connection::open()?.value(FIND, &[Arg::Text(schema)], "name")
}

/// Returns whether anything is in a schema, apart from the schema itself.
pub fn is_empty(schema: &str) -> Result<bool, Error> {
    let model = model_of(&[schema.to_owned()])?;
    Ok(model.len() == model.schemas.len())
}

/// Keeps what was deployed, in place of what was there before.
pub fn save(id: &str, model: &Model, prepared: &[String]) -> Result<(), Error> {
    const SAVE: &str = "INSERT INTO pgmeta_registry.snapshots (definition, snapshot, prepared) VALUES ($1::uuid, $2::jsonb, $3) \
        ON CONFLICT (definition) DO UPDATE SET snapshot = excluded.snapshot, prepared = excluded.prepared";
    let document = model.to_json()?;
    change(SAVE, &[Arg::Text(id), Arg::Text(&document), Arg::Texts(prepared)]).map(std::mem::drop)
}

/// Forgets what was deployed.
pub fn forget(id: &str) -> Result<(), Error> {
    const FORGET: &str = "DELETE FROM pgmeta_registry.snapshots WHERE definition = $1::uuid";
    change(FORGET, &[Arg::Text(id)]).map(std::mem::drop)
}

/// Returns what was deployed, and the schemas that existed before.
pub fn saved(entry: &Entry) -> Result<Option<(Model, Vec<String>)>, Error> {
    const LOAD: &str = "SELECT s.snapshot::text AS snapshot, s.prepared FROM pgmeta_registry.snapshots s WHERE s.definition = $1::uuid";
    let mut found = None;
    read(LOAD, &[Arg::Text(&entry.id)], &["snapshot", "prepared"], |cells| {
        found = Some((Document::from_text(take(cells, "snapshot")?), take(cells, "prepared")?));
        Ok(())
    })?;
    found.map(|(document, prepared)| Ok((document.model()?, prepared))).transpose()
}

/// Returns one of the schemas in which another definition is deployed.
pub fn schema_of_another(entry: &Entry, schemas: &[String]) -> Result<Option<String>, Error> {
    const FIND: &str = "SELECT w.name FROM unnest($2) w (name) WHERE EXISTS (SELECT FROM pgmeta_registry.definitions d \
            JOIN pgmeta_registry.snapshots s ON s.definition = d.id CROSS JOIN LATERAL jsonb_array_elements(s.snapshot -> 'schemas') j (own) \
            WHERE d.id <> $1::uuid AND d.deployed_schema IS NOT NULL AND j.own ->> 'name' = w.name) ORDER BY 1 LIMIT 1";
    if schemas.is_empty() {
        return Ok(None);
    }
    let mut found = None;
    read(FIND, &[Arg::Text(&entry.id), Arg::Texts(schemas)], &["name"], |cells| {
        found = Some(take(cells, "name")?);
        Ok(())
    })?;
    Ok(found)
}

/// Returns what was changed by hand since the deployment.
pub fn drift(saved: &Model, live: &Model) -> Vec<Difference> {
    differences(&[], saved, live, &Options::default())
}

/// Describes for a message how a model differs from what it should be.
pub fn change_texts(model: &Model, wanted: &Model, options: &Options) -> Vec<String> {
    diff(model, wanted).iter().filter_map(|change| describe_unplanned(change, options)).collect()
}

/// Returns the fingerprint of schemas, as `pgmeta_fingerprint` does.
pub fn fingerprint_of(model: &Model) -> Result<String, Error> {
    let mut model = model.clone();
    model.mask_secrets();
    let check = || {
        crate::interrupt::look();
        Ok::<_, Error>(())
    };
    Ok(fingerprint(&ddl::export(&model, &ddl::Options::default(), check, &Sequential)?))
}
