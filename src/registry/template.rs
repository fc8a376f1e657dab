//! Templates: those that come with pgmeta, and those that roles have stored for themselves.

use pgmeta_core::cells::take;
use pgmeta_definition::{TEMPLATES, Template};
use serde_json::{Map, Value};

use crate::error::Error;
use crate::jsonb::Document;
use crate::registry::error::RegistryError;
use crate::registry::store::{Caller, bind_roles, change, read};
use crate::server;
use crate::spi::Arg;

/// A template in the list.
#[derive(Debug)]
pub struct NamedTemplate {
    pub name: String,
    pub description: Option<String>,
    pub document: Value,
    is_own: bool,
}

/// The role that owns a stored template `t`; $2 is where OIDs count.
const OWNER: &str =
    "(CASE WHEN t.origin = $2 THEN t.owner_oid ELSE (SELECT r.oid FROM pg_roles r WHERE r.rolname = t.owner) END)";

/// Returns all templates that the caller may read, by name.
pub fn templates() -> Result<Vec<NamedTemplate>, Error> {
    let mut all = stored(None)?;
    for (name, text) in TEMPLATES {
        let document: Value = serde_json::from_str(text)?;
        let description = Template::from_value(document.clone())?.description().map(str::to_owned);
        all.push(NamedTemplate { name: name.to_owned(), description, document, is_own: false });
    }
    all.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(all)
}

/// Returns a template's document: that of the caller before those of other roles.
pub fn template(name: &str) -> Result<Value, Error> {
    if let Some((_, text)) = TEMPLATES.iter().find(|(own, _)| *own == name) {
        return Ok(serde_json::from_str(text)?);
    }
    let mut found = stored(Some(name))?;
    if found.len() > 1 && found.iter().any(|own| own.is_own) {
        found.retain(|own| own.is_own);
    }
    match (found.pop(), found.is_empty()) {
        (None, _) => Err(RegistryError::NoTemplate(name.to_owned()).into()),
        (Some(own), true) => Ok(own.document),
        (Some(_), false) => Err(RegistryError::AmbiguousTemplate(name.to_owned()).into()),
    }
}

/// Stores a template, or replaces one of the caller's.
pub fn create_template(name: &str, document: &Document, description: Option<&str>) -> Result<(), Error> {
    const INSERT: &str = "INSERT INTO pgmeta_registry.templates AS t (name, description, document, owner, owner_oid, origin) \
        VALUES ($3, $4, $5::jsonb, $6, $1::oid, $2) ON CONFLICT (name, owner_oid, origin) DO UPDATE \
            SET description = excluded.description, document = excluded.document";
    let value: Value = serde_json::from_str(document.text())?;
    let own = Template::from_value(value)?;
    let (caller, origin) = (Caller::current()?, server::origin());
    let description = description.or_else(|| own.description());
    let args = [
        caller.arg(),
        Arg::Text(&origin),
        Arg::Text(name),
        Arg::MaybeText(description),
        Arg::Text(document.text()),
        Arg::Text(&caller.name),
    ];
    let is_own = TEMPLATES.iter().any(|(known, _)| *known == name);
    if is_own {
        return Err(RegistryError::TemplateTaken(name.to_owned()).into());
    }
    bind_roles()?;
    change(INSERT, &args).map(std::mem::drop)
}

/// Returns the definition that a template and values of its parameters make.
pub fn apply_template(name: &str, parameters: Option<&Document>) -> Result<Value, Error> {
    let given: Map<String, Value> = match parameters {
        None => Map::new(),
        Some(document) => serde_json::from_str(document.text()).map_err(Error::Options)?,
    };
    Ok(Template::from_value(template(name)?)?.apply(&given)?)
}

fn stored(name: Option<&str>) -> Result<Vec<NamedTemplate>, Error> {
    let sql = format!(
        "SELECT t.name, t.description, t.document::text AS document, {OWNER} = $1::oid AS own FROM pgmeta_registry.templates t \
        WHERE ($3 IS NULL OR t.name = $3) AND pg_has_role($1::oid, {OWNER}, 'USAGE')"
    );
    let (caller, origin) = (Caller::current()?, server::origin());
    let mut found: Vec<(String, Option<String>, String, bool)> = Vec::new();
    let args = [caller.arg(), Arg::Text(&origin), Arg::MaybeText(name)];
    read(&sql, &args, &["name", "description", "document", "own"], |cells| {
        found.push((take(cells, "name")?, take(cells, "description")?, take(cells, "document")?, take(cells, "own")?));
        Ok(())
    })?;
    let named = |(name, description, document, is_own): (String, _, String, bool)| {
        Ok(NamedTemplate { name, description, document: serde_json::from_str(&document)?, is_own })
    };
    found.into_iter().map(named).collect()
}
