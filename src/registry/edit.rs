//! Changes of entries: they are created, get versions and names, and are deleted and restored.

use pgmeta_core::cells::take;
use serde_json::json;

use crate::error::Error;
use crate::registry::entry::{Entry, find, find_deleted};
use crate::registry::error::RegistryError;
use crate::registry::event;
use crate::registry::right::Right;
use crate::registry::store::{Caller, bind_roles, change, write};
use crate::registry::version::{self, Valid};
use crate::server;
use crate::spi::Arg;

/// A definition to create.
#[derive(Debug)]
pub struct NewDefinition<'a> {
    pub name: &'a str,
    pub valid: Valid,
    pub message: Option<&'a str>,
    /// The channel of notifications about its events.
    pub channel: Option<&'a str>,
}

/// Creates a definition with its first version; returns its ID.
pub fn create(new: &NewDefinition<'_>) -> Result<String, Error> {
    check_name(new.name)?;
    bind_roles()?;
    let id = insert(new)?;
    version::add(&id, 1, &new.valid, new.message)?;
    event::record(&id, "created", &json!({"version": 1}))?;
    Ok(id)
}

fn insert(new: &NewDefinition<'_>) -> Result<String, Error> {
    const INSERT: &str = "INSERT INTO pgmeta_registry.definitions (name, description, owner, owner_oid, origin, search_text, channel) \
        VALUES ($1, $2, $3, $4::oid, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING id::text AS id";
    let (caller, search_text) = (Caller::current()?, version::search_text(&new.valid.definition, new.name));
    let origin = server::origin();
    let args = [
        Arg::Text(new.name),
        Arg::MaybeText(new.valid.definition.description.as_deref()),
        Arg::Text(&caller.name),
        caller.arg(),
        Arg::Text(&origin),
        Arg::Text(&search_text),
        Arg::MaybeText(new.channel),
    ];
    let mut id = None;
    write(INSERT, &args, &["id"], |cells| {
        id = Some(take(cells, "id")?);
        Ok(())
    })?;
    id.ok_or_else(|| RegistryError::Taken(new.name.to_owned()).into())
}

/// Adds a version; returns its number. With an expected version, nothing is stored if another one is the latest.
pub fn update(definition: &str, valid: &Valid, message: Option<&str>, expected: Option<i64>) -> Result<i64, Error> {
    // The row lock makes sessions that update one definition wait for one another.
    const UPDATE: &str = "UPDATE pgmeta_registry.definitions SET version = version + 1, description = $2, search_text = $3, \
            updated_at = statement_timestamp() WHERE id = $1::uuid";
    let entry = find(definition, Right::Write)?.locked()?;
    if let Some(expected) = expected.filter(|expected| *expected != entry.version) {
        return Err(RegistryError::Conflict { name: entry.name, found: entry.version, expected }.into());
    }
    let search_text = version::search_text(&valid.definition, &entry.name);
    let args = [Arg::Text(&entry.id), Arg::MaybeText(valid.definition.description.as_deref()), Arg::Text(&search_text)];
    change(UPDATE, &args)?;
    let version = entry.version + 1;
    version::add(&entry.id, version, valid, message)?;
    event::record(&entry.id, "updated", &json!({"version": version}))?;
    Ok(version)
}

/// Gives a definition another name.
pub fn rename(definition: &str, name: &str) -> Result<(), Error> {
    const UPDATE: &str = "UPDATE pgmeta_registry.definitions d SET name = $2, updated_at = statement_timestamp(), search_text = $3 \
        WHERE d.id = $1::uuid AND NOT EXISTS (SELECT FROM pgmeta_registry.definitions o \
            WHERE o.owner_oid = d.owner_oid AND o.origin = d.origin AND o.name = $2 AND o.id <> d.id AND o.deleted_at IS NULL)";
    check_name(name)?;
    let entry = find(definition, Right::Admin)?.locked()?;
    // An error would show others which names the owner uses.
    if !entry.is_of_caller {
        return Err(RegistryError::NotOwner(entry.name).into());
    }
    let search_text = version::search_text(&version::definition_of(&entry, None)?, name);
    if change(UPDATE, &[Arg::Text(&entry.id), Arg::Text(name), Arg::Text(&search_text)])? == 0 {
        return Err(RegistryError::Taken(name.to_owned()).into());
    }
    event::record(&entry.id, "renamed", &json!({"from": entry.name, "to": name}))
}

/// Creates a definition from the latest version of another; returns its ID. The caller owns it.
pub fn copy(definition: &str, name: &str) -> Result<String, Error> {
    let entry = find(definition, Right::Read)?;
    let valid = Valid::of(&version::document(&entry, None)?)?;
    let message = format!("Copy of version {} of {}.", entry.version, entry.name);
    create(&NewDefinition { name, valid, message: Some(&message), channel: None })
}

/// Marks a definition as deleted. What it deployed stays.
pub fn delete(definition: &str) -> Result<(), Error> {
    const DELETE: &str =
        "UPDATE pgmeta_registry.definitions SET deleted_at = statement_timestamp() WHERE id = $1::uuid";
    let entry = find(definition, Right::Admin)?.locked()?;
    change(DELETE, &[Arg::Text(&entry.id)])?;
    event::record(&entry.id, "deleted", &json!({}))
}

/// Takes a deletion back.
pub fn restore(definition: &str) -> Result<(), Error> {
    const RESTORE: &str = "UPDATE pgmeta_registry.definitions d SET deleted_at = NULL \
        WHERE d.id = $1::uuid AND NOT EXISTS (SELECT FROM pgmeta_registry.definitions o \
            WHERE o.owner_oid = d.owner_oid AND o.origin = d.origin AND o.name = d.name AND o.id <> d.id AND o.deleted_at IS NULL)";
    let entry = find_deleted(definition, Right::Admin)?;
    if change(RESTORE, &[Arg::Text(&entry.id)])? == 0 {
        return Err(RegistryError::Taken(entry.name).into());
    }
    event::record(&entry.id, "restored", &json!({}))
}

/// Removes a deleted definition with its versions for good.
pub fn purge(definition: &str) -> Result<(), Error> {
    const PURGE: &str = "DELETE FROM pgmeta_registry.definitions WHERE id = $1::uuid AND deleted_at IS NOT NULL";
    let entry: Entry = find_deleted(definition, Right::Admin)?;
    change(PURGE, &[Arg::Text(&entry.id)]).map(std::mem::drop)
}

/// Returns an error if a name looks like an ID.
fn check_name(name: &str) -> Result<(), Error> {
    let is_id = name.len() == 36
        && name
            .char_indices()
            .all(|(at, own)| if [8, 13, 18, 23].contains(&at) { own == '-' } else { own.is_ascii_hexdigit() });
    if !is_id {
        return Ok(());
    }
    let hint = "Definitions are found by name or ID. Choose a name that does not look like an ID.".to_owned();
    Err(Error::BadArgument { name: "name", value: name.to_owned(), hint })
}
