//! Removes objects with text that cannot be converted to UTF-8. They are found in the model: a name in another encoding
//! affects only the objects that contain it.

use pgmeta_core::cells::take;
use pgmeta_core::ident::ident;
use pgmeta_core::model::{Model, ObjectKey, ObjectRef};
use rustc_hash::FxHashSet;
use serde_json::Value;

use crate::catalog::bisect::Failure;
use crate::catalog::outcome::Outcome;
use crate::encoding::{self, EncodingError, is_marked, shown};
use crate::error::Error;
use crate::guc::GucGuard;
use crate::spi::Connection;

/// Maximum length of a text in an error, in characters.
const SHOWN: usize = 80;

impl Outcome {
    /// Removes objects with invalid text, or fails unless `tolerant`.
    pub fn remove_invalid_text(&mut self, tolerant: bool) -> Result<(), Error> {
        if !std::mem::take(&mut self.has_marks) {
            return Ok(());
        }
        let _pinned = GucGuard::new();
        remove_marked_objects(&Connection::open()?, self, tolerant)
    }
}

/// Removes the objects with invalid text from the outcome and adds a failure for each. Unless `tolerant`, returns the first
/// as an error.
fn remove_marked_objects(connection: &Connection, outcome: &mut Outcome, tolerant: bool) -> Result<(), Error> {
    let marked = |object: &ObjectRef<'_>| Some((object.object().key(), marked_text(&object.to_value())?));
    let found: Vec<(ObjectKey, String)> = outcome.model.objects().filter_map(|object| marked(&object)).collect();
    if found.is_empty() {
        return Ok(());
    }
    let names = shared_names(connection)?;
    for (key, text) in &found {
        let named = names.iter().find(|shared| shared.name == *text);
        let message = match named {
            Some(Shared { kind, oid, name }) => {
                let name = ident(&shown(name));
                format!("the name {name} of the {kind} with OID {oid} cannot be converted to UTF-8")
            }
            None => EncodingError::Incoming(excerpt(text)).to_string(),
        };
        let failure = failure(outcome, key, message);
        if !tolerant {
            return Err(failure.into_error());
        }
        outcome.failures.push(failure);
    }
    let keep = keys_without(&outcome.model, found.into_iter().map(|(key, _)| key).collect());
    outcome.model.retain(|object| keep.contains(&object.key()));
    Ok(())
}

/// Returns the keys of all objects except these and their parts.
fn keys_without(model: &Model, mut gone: FxHashSet<ObjectKey>) -> FxHashSet<ObjectKey> {
    let parents: Vec<_> = model.objects().map(|object| (object.object().key(), object.parent())).collect();
    let mut before = 0;
    while gone.len() > before {
        before = gone.len();
        let parts = parents.iter().filter(|(_, parent)| parent.as_ref().is_some_and(|parent| gone.contains(parent)));
        let parts: Vec<_> = parts.map(|(key, _)| key.clone()).collect();
        gone.extend(parts);
    }
    parents.into_iter().map(|(key, _)| key).filter(|key| !gone.contains(key)).collect()
}

fn failure(outcome: &Outcome, key: &ObjectKey, message: String) -> Failure {
    let address = outcome.addresses.get(key);
    let oid = address.map_or(0, |address| address.oid);
    Failure {
        query: "",
        row: oid,
        class: address.map_or(0, |address| address.class),
        oid,
        kind: key.kind.word().to_owned(),
        schema: key.schema().map(|schema| shown(schema)),
        name: Some(shown(key.name())),
        identity: shown(&key.identity()),
        code: encoding::incoming_code(),
        message,
    }
}

/// Returns the first text with a mark.
fn marked_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => is_marked(text).then(|| text.clone()),
        Value::Array(values) => values.iter().find_map(marked_text),
        Value::Object(values) => values.values().find_map(marked_text),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// Returns the text around the first mark.
fn excerpt(text: &str) -> String {
    let line = text.lines().find(|line| is_marked(line)).unwrap_or(text);
    shown(line.trim()).chars().take(SHOWN).collect()
}

/// A name of an object that all databases share.
struct Shared {
    kind: String,
    oid: u32,
    name: String,
}

fn shared_names(connection: &Connection) -> Result<Vec<Shared>, Error> {
    const NAMES: &str = "SELECT 'role' AS kind, r.oid, r.rolname AS name FROM pg_catalog.pg_roles r \
        UNION ALL SELECT 'database', d.oid, d.datname FROM pg_catalog.pg_database d \
        UNION ALL SELECT 'tablespace', t.oid, t.spcname FROM pg_catalog.pg_tablespace t";
    let mut names = Vec::new();
    connection.read_marked(NAMES, &[], &["kind", "oid", "name"], |cells| {
        let shared = Shared { kind: take(cells, "kind")?, oid: take(cells, "oid")?, name: take(cells, "name")? };
        if is_marked(&shared.name) {
            names.push(shared);
        }
        Ok(())
    })?;
    Ok(names)
}
