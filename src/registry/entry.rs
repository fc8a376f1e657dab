//! Finds a definition by its name or ID, if the caller has the right.

use pgmeta_core::cells::take;
use pgmeta_core::ident::Name;
use pgmeta_definition::Definition;

use crate::error::Error;
use crate::registry::error::RegistryError;
use crate::registry::right::Right;
use crate::registry::store::{Caller, bind_roles, read, write};
use crate::registry::target::Target;
use crate::server;
use crate::spi::Arg;

/// A definition in the registry.
#[derive(Clone, Debug)]
pub struct Entry {
    pub id: String,
    pub name: String,
    /// The latest version.
    pub version: i64,
    pub is_deleted: bool,
    pub schema: Option<String>,
    pub database: Option<String>,
    pub deployed_version: Option<i64>,
    pub deployed_fingerprint: Option<String>,
    /// Whether the caller has the rights of its owner.
    pub is_of_caller: bool,
    rights: Vec<String>,
    /// Whether the caller itself is its owner.
    is_own: bool,
    /// The right with which it was found.
    required: Right,
}

impl Entry {
    /// Returns an error if the caller lacks the right.
    fn require(self, right: Right) -> Result<Self, Error> {
        let has = self.rights.iter().any(|word| word == right.word());
        if has {
            Ok(Self { required: right, ..self })
        } else {
            Err(RegistryError::Denied { name: self.name, right }.into())
        }
    }

    /// Returns the schema in which a version is, or would be, deployed without another word. Never public, unless the definition names it:
    /// it is everybody's.
    pub fn schema_of(&self, definition: &Definition) -> Name {
        match (&self.schema, &self.database) {
            (Some(name), _) => name.as_str().into(),
            (None, Some(_)) => definition.own_schema(),
            (None, None) => definition.schema.clone().unwrap_or_else(|| self.name.as_str().into()),
        }
    }

    /// Returns where it is deployed.
    pub fn target(&self) -> Option<Target> {
        let schema = self.schema.as_deref().map(|name| Target::Schema(name.into()));
        schema.or_else(|| self.database.as_deref().map(|name| Target::Database(name.into())))
    }

    /// Locks the entry until the end of the transaction, and reads it again: its rights may have changed while this session waited. Others
    /// can still refer to it.
    pub fn locked(self) -> Result<Self, Error> {
        const LOCK: &str =
            "SELECT d.id::text AS id FROM pgmeta_registry.definitions d WHERE d.id = $1::uuid FOR NO KEY UPDATE";
        bind_roles()?;
        write(LOCK, &[Arg::Text(&self.id)], &["id"], |_| Ok(()))?;
        let found = candidates(&self.id)?.into_iter().find(|entry| entry.id == self.id);
        match found {
            None => Err(RegistryError::Missing(self.name).into()),
            Some(entry) if entry.is_deleted => Err(RegistryError::Deleted(entry.name).into()),
            Some(entry) => entry.require(self.required),
        }
    }
}

/// Returns the definition with this name or ID on which the caller has the right.
pub fn find(definition: &str, right: Right) -> Result<Entry, Error> {
    let (live, deleted): (Vec<_>, Vec<_>) = candidates(definition)?.into_iter().partition(|entry| !entry.is_deleted);
    match (live.is_empty(), deleted.is_empty()) {
        (true, false) => Err(RegistryError::Deleted(definition.to_owned()).into()),
        _ => choose(definition, live)?.require(right),
    }
}

/// Returns the deleted definition with this name or ID.
pub fn find_deleted(definition: &str, right: Right) -> Result<Entry, Error> {
    let (live, deleted): (Vec<_>, Vec<_>) = candidates(definition)?.into_iter().partition(|entry| !entry.is_deleted);
    match (live.is_empty(), deleted.is_empty()) {
        (false, true) => Err(RegistryError::NotDeleted(definition.to_owned()).into()),
        _ => choose(definition, deleted)?.require(right),
    }
}

/// The caller's own definition comes before those of others.
fn choose(definition: &str, mut found: Vec<Entry>) -> Result<Entry, Error> {
    if found.len() > 1 && found.iter().any(|entry| entry.is_own) {
        found.retain(|entry| entry.is_own);
    }
    if found.len() > 1 {
        let ids = found.into_iter().map(|entry| entry.id).collect();
        return Err(RegistryError::Ambiguous { name: definition.to_owned(), ids }.into());
    }
    found.pop().ok_or_else(|| RegistryError::Missing(definition.to_owned()).into())
}

fn candidates(definition: &str) -> Result<Vec<Entry>, Error> {
    const FIND: &str = "SELECT d.id::text AS id, d.name, d.version, d.deleted_at IS NOT NULL AS deleted, d.deployed_schema, \
            d.deployed_database, COALESCE(m.version, d.deployed_version) AS deployed_version, \
            COALESCE(m.fingerprint, d.deployed_fingerprint) AS deployed_fingerprint, r.rights, \
            COALESCE(o.oid = $1::oid, false) AS own, COALESCE(pg_has_role($1::oid, o.oid, 'USAGE'), false) AS of_caller \
        FROM pgmeta_registry.definitions d \
        CROSS JOIN LATERAL (SELECT CASE WHEN d.origin = $3 THEN d.owner_oid \
            ELSE (SELECT o.oid FROM pg_roles o WHERE o.rolname = d.owner) END AS oid) o \
        LEFT JOIN pgmeta_registry.marks m ON m.database = d.deployed_database AND m.definition = d.id \
        JOIN LATERAL (SELECT array_agg(DISTINCT u.word) AS rights \
            FROM pgmeta_registry.role_rights r, unnest(r.rights) u (word) \
            WHERE r.role = $1::oid AND r.definition = d.id) r ON r.rights IS NOT NULL \
        WHERE d.name = $2 OR d.id = CASE WHEN $2 ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN $2::uuid END \
        ORDER BY d.id";
    let columns = [
        "id",
        "name",
        "version",
        "deleted",
        "deployed_schema",
        "deployed_database",
        "deployed_version",
        "deployed_fingerprint",
        "rights",
        "own",
        "of_caller",
    ];
    let (caller, origin) = (Caller::current()?, server::origin());
    let mut found = Vec::new();
    read(FIND, &[caller.arg(), Arg::Text(definition), Arg::Text(&origin)], &columns, |cells| {
        found.push(Entry {
            id: take(cells, "id")?,
            name: take(cells, "name")?,
            version: take(cells, "version")?,
            is_deleted: take(cells, "deleted")?,
            schema: take(cells, "deployed_schema")?,
            database: take(cells, "deployed_database")?,
            deployed_version: take(cells, "deployed_version")?,
            deployed_fingerprint: take(cells, "deployed_fingerprint")?,
            rights: take(cells, "rights")?,
            is_own: take(cells, "own")?,
            is_of_caller: take(cells, "of_caller")?,
            required: Right::Read,
        });
        Ok(())
    })?;
    // An ID comes before names.
    let has_id = |entry: &Entry| entry.id.eq_ignore_ascii_case(definition);
    if found.iter().any(has_id) {
        found.retain(has_id);
    }
    Ok(found)
}
