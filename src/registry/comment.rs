//! Remarks on places of a definition, their replies, and their ends. Whoever may read a definition may remark on it.

use pgmeta_core::cells::take;
use serde_json::{Value, json};

use crate::error::Error;
use crate::registry::entry::{Entry, find};
use crate::registry::error::RegistryError;
use crate::registry::event;
use crate::registry::right::Right;
use crate::registry::store::{Caller, change, read, write};
use crate::registry::version::document;
use crate::spi::Arg;

/// Adds a remark on a place of the latest version, a JSON pointer; returns its ID.
pub fn add(definition: &str, path: &str, text: &str) -> Result<i64, Error> {
    let entry = find(definition, Right::Read)?;
    let latest: Value = serde_json::from_str(document(&entry, None)?.text())?;
    if latest.pointer(path).is_none() {
        return Err(RegistryError::NoPlace { name: entry.name, path: path.to_owned() }.into());
    }
    insert(&entry, None, path, text)
}

/// Answers a remark; returns the ID of the answer.
pub fn reply(comment: i64, text: &str) -> Result<i64, Error> {
    let (entry, path) = of(comment)?;
    insert(&entry, Some(comment), &path, text)
}

/// Marks a remark as resolved.
pub fn resolve(comment: i64) -> Result<(), Error> {
    const RESOLVE: &str = "UPDATE pgmeta_registry.comments SET resolved_by = $2, resolved_at = statement_timestamp() \
        WHERE id = $1 AND resolved_at IS NULL";
    let (entry, _) = of(comment)?;
    let caller = Caller::current()?;
    if change(RESOLVE, &[Arg::Int(comment), Arg::Text(&caller.name)])? > 0 {
        event::record(&entry.id, "comment_resolved", &json!({"comment": comment}))?;
    }
    Ok(())
}

fn insert(entry: &Entry, parent: Option<i64>, path: &str, text: &str) -> Result<i64, Error> {
    const INSERT: &str = "INSERT INTO pgmeta_registry.comments (definition, parent, path, text, author) \
        VALUES ($1::uuid, $2, $3, $4, $5) RETURNING id";
    let caller = Caller::current()?;
    let args = [Arg::Text(&entry.id), Arg::MaybeInt(parent), Arg::Text(path), Arg::Text(text), Arg::Text(&caller.name)];
    let mut id = 0;
    write(INSERT, &args, &["id"], |cells| {
        id = take(cells, "id")?;
        Ok(())
    })?;
    event::record(&entry.id, "commented", &json!({"comment": id, "path": path}))?;
    Ok(id)
}

/// Returns the definition and the place of a remark.
fn of(comment: i64) -> Result<(Entry, String), Error> {
    const FIND: &str =
        "SELECT c.definition::text AS definition, c.path FROM pgmeta_registry.comments c WHERE c.id = $1";
    let mut found: Option<(String, String)> = None;
    read(FIND, &[Arg::Int(comment)], &["definition", "path"], |cells| {
        found = Some((take(cells, "definition")?, take(cells, "path")?));
        Ok(())
    })?;
    let missing = || Error::from(RegistryError::NoComment(comment));
    let (definition, path) = found.ok_or_else(missing)?;
    // The error must not say that a comment exists on what the caller cannot read.
    let entry = find(&definition, Right::Read).map_err(|_| missing())?;
    Ok((entry, path))
}
