//! The versions of definitions.

use pgmeta_core::cells::take;
use pgmeta_core::fingerprint::fingerprint;
use pgmeta_core::model::Model;
use pgmeta_definition::{Definition, Finding, Level};
use serde_json::Value;

use crate::error::Error;
use crate::jsonb::Document;
use crate::registry::entry::Entry;
use crate::registry::error::RegistryError;
use crate::registry::findings::findings;
use crate::registry::statements::Statements;
use crate::registry::store::{Caller, change, read};
use crate::spi::Arg;

/// Maximum number of errors in one message.
const LISTED: usize = 100;

/// A document that may become a version.
#[derive(Debug)]
pub struct Valid {
    pub document: Value,
    pub definition: Definition,
}

impl Valid {
    /// Checks a document; an error lists all that is wrong.
    pub fn of(document: &Document) -> Result<Self, Error> {
        let listed = |errors: &[Finding]| {
            let one = |own: &Finding| format!("{} at \"{}\": {}", own.code, own.path, own.message);
            RegistryError::Invalid(errors.iter().take(LISTED).map(one).collect()).into()
        };
        Self::checked(serde_json::from_str(document.text())?)?.map_err(|errors| listed(&errors))
    }

    /// Checks a document; returns the errors in it.
    pub fn checked(document: Value) -> Result<Result<Self, Vec<Finding>>, Error> {
        let mut errors = findings(&document)?;
        errors.retain(|finding| finding.level == Level::Error);
        if !errors.is_empty() {
            return Ok(Err(errors));
        }
        let definition = Definition::from_value(document.clone())?;
        Ok(Ok(Self { document, definition }))
    }

    pub fn fingerprint(&self) -> Result<String, Error> {
        Ok(fingerprint(&serde_json::to_string(&self.definition)?))
    }
}

/// Returns what searches look at: in lower case by Unicode, whatever the database's locale is.
pub fn search_text(definition: &Definition, name: &str) -> String {
    let tables = definition.tables.iter().map(|table| table.name.to_string());
    let labels = definition.labels.iter().map(|(key, value)| format!("{key} {value}"));
    let first = [name.to_owned()].into_iter().chain(definition.description.clone());
    first.chain(tables).chain(labels).collect::<Vec<_>>().join("\n").to_lowercase()
}

/// Adds a version.
pub fn add(id: &str, version: i64, valid: &Valid, message: Option<&str>) -> Result<(), Error> {
    const INSERT: &str = "INSERT INTO pgmeta_registry.versions (definition, version, document, message, fingerprint, author) \
        VALUES ($1::uuid, $2, $3::jsonb, $4, $5, $6)";
    let (caller, document, fingerprint) = (Caller::current()?, valid.document.to_string(), valid.fingerprint()?);
    let args = [
        Arg::Text(id),
        Arg::Int(version),
        Arg::Text(&document),
        Arg::MaybeText(message),
        Arg::Text(&fingerprint),
        Arg::Text(&caller.name),
    ];
    change(INSERT, &args).map(std::mem::drop)
}

/// Returns a version's document, or the latest.
pub fn document(entry: &Entry, version: Option<i64>) -> Result<Document, Error> {
    Ok(row(entry, version)?.0)
}

/// Returns a version's fingerprint.
pub fn fingerprint_of(entry: &Entry, version: Option<i64>) -> Result<String, Error> {
    Ok(row(entry, version)?.1)
}

/// Returns a version, or the latest.
pub fn definition_of(entry: &Entry, version: Option<i64>) -> Result<Definition, Error> {
    Ok(Definition::from_value(serde_json::from_str(document(entry, version)?.text())?)?)
}

/// Returns the statements of a version, or of the latest, in the schema where it is or would be deployed.
pub fn statements(entry: &Entry, version: Option<i64>) -> Result<Statements, Error> {
    let definition = definition_of(entry, version)?;
    let schema = entry.schema_of(&definition);
    Statements::of(definition, Some(schema))
}

/// Returns a version as it was written: only a server could print its expressions as the catalog has them.
pub fn model_of(entry: &Entry, version: i64) -> Result<Model, Error> {
    Ok(statements(entry, Some(version))?.model)
}

fn row(entry: &Entry, version: Option<i64>) -> Result<(Document, String), Error> {
    const LOAD: &str = "SELECT v.document::text AS document, v.fingerprint FROM pgmeta_registry.versions v \
        WHERE v.definition = $1::uuid AND v.version = $2";
    let version = version.unwrap_or(entry.version);
    let mut found = None;
    read(LOAD, &[Arg::Text(&entry.id), Arg::Int(version)], &["document", "fingerprint"], |cells| {
        found = Some((Document::from_text(take(cells, "document")?), take(cells, "fingerprint")?));
        Ok(())
    })?;
    let missing = RegistryError::NoVersion { name: entry.name.clone(), version, latest: entry.version };
    found.ok_or_else(|| missing.into())
}
