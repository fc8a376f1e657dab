//! Definitions in the registry: they are created, get versions, names and rights, and are found and deleted.

use pgrx::datum::Uuid;
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::options;
use crate::api::registry_arguments::{CreateOptions, at_least_one, given, required, time, uuid};
use crate::encoding::{Text, Texts};
use crate::error::Error;
use crate::jsonb::Document;
use crate::registry::{self, Filter, Listed, NewDefinition, Right, Valid, find};
use crate::server;

returns_table! {
    /// A definition that the caller may read.
    type ListRow = definition_list_rows!(
        name!(id, Uuid),
        name!(name, Text),
        name!(description, Option<Text>),
        name!(status, Text),
        name!(version, i32),
        name!(deployed_version, Option<i32>),
        name!(owner, Text),
        name!(created_at, TimestampWithTimeZone),
        name!(updated_at, TimestampWithTimeZone),
        name!(total, i64),
    );
}

#[pg_extern(volatile, parallel_unsafe)]
fn pgmeta_definition_create(
    name: Option<Text>,
    document: Option<Document>,
    message: default!(Option<Text>, "NULL"),
    options: default!(Option<Document>, "'{}'"),
) -> Result<Uuid, ErrorReport> {
    server::require_writable("pgmeta_definition_create")?;
    let options = CreateOptions::read(options)?;
    let (name, document) = (given("name", name.as_deref())?, required("document", document)?);
    let valid = Valid::of(&document)?;
    let new = NewDefinition { name, valid, message: message.as_deref(), channel: options.notify.as_deref() };
    Ok(uuid(&registry::create(&new)?)?)
}

#[pg_extern(volatile, parallel_unsafe)]
fn pgmeta_definition_update(
    definition: Option<Text>,
    document: Option<Document>,
    message: default!(Option<Text>, "NULL"),
    expected_version: default!(Option<i32>, "NULL"),
) -> Result<i32, ErrorReport> {
    server::require_writable("pgmeta_definition_update")?;
    let (name, document) = (given("definition", definition.as_deref())?, required("document", document)?);
    let valid = Valid::of(&document)?;
    let version = registry::update(name, &valid, message.as_deref(), expected_version.map(Into::into))?;
    Ok(i32::try_from(version).unwrap_or(i32::MAX))
}

#[pg_extern(stable, parallel_unsafe)]
fn pgmeta_definition_get(
    definition: Option<Text>,
    version: default!(Option<i32>, "NULL"),
) -> Result<Option<Document>, ErrorReport> {
    let Some(definition) = definition else { return Ok(None) };
    Ok(Some(registry::document(&find(&definition, Right::Read)?, version.map(Into::into))?))
}

definition_list_rows! {
    #[pg_extern(stable, parallel_unsafe)]
    fn pgmeta_definition_list(
        search: default!(Option<Text>, "NULL"),
        page: default!(Option<i32>, 1),
        page_size: default!(Option<i32>, 20),
        options: default!(Option<Document>, "'{}'"),
    ) {
        list(search.as_deref(), page.unwrap_or(1), page_size.unwrap_or(20), options)
    }
}

#[pg_extern(volatile, parallel_unsafe)]
fn pgmeta_definition_delete(definition: Option<Text>) -> Result<(), ErrorReport> {
    server::require_writable("pgmeta_definition_delete")?;
    Ok(registry::delete(given("definition", definition.as_deref())?)?)
}

#[pg_extern(volatile, parallel_unsafe)]
fn pgmeta_definition_restore(definition: Option<Text>) -> Result<(), ErrorReport> {
    server::require_writable("pgmeta_definition_restore")?;
    Ok(registry::restore(given("definition", definition.as_deref())?)?)
}

#[pg_extern(volatile, parallel_unsafe)]
fn pgmeta_definition_purge(definition: Option<Text>) -> Result<(), ErrorReport> {
    server::require_writable("pgmeta_definition_purge")?;
    Ok(registry::purge(given("definition", definition.as_deref())?)?)
}

#[pg_extern(volatile, parallel_unsafe)]
fn pgmeta_definition_rename(definition: Option<Text>, name: Option<Text>) -> Result<(), ErrorReport> {
    server::require_writable("pgmeta_definition_rename")?;
    Ok(registry::rename(given("definition", definition.as_deref())?, given("name", name.as_deref())?)?)
}

#[pg_extern(volatile, parallel_unsafe)]
fn pgmeta_definition_copy(definition: Option<Text>, name: Option<Text>) -> Result<Uuid, ErrorReport> {
    server::require_writable("pgmeta_definition_copy")?;
    let id = registry::copy(given("definition", definition.as_deref())?, given("name", name.as_deref())?)?;
    Ok(uuid(&id)?)
}

#[pg_extern(
    sql = "CREATE FUNCTION pgmeta_definition_share(definition text, role regrole, rights text[]) RETURNS void VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';"
)]
fn pgmeta_definition_share(
    definition: Option<Text>,
    role: Option<pg_sys::Oid>,
    rights: Option<Texts>,
) -> Result<(), ErrorReport> {
    server::require_writable("pgmeta_definition_share")?;
    let definition = given("definition", definition.as_deref())?;
    let (role, Texts(words)) = (required("role", role)?, required("rights", rights)?);
    let right = |word: Option<String>| {
        let word = word.unwrap_or_else(|| "NULL".to_owned());
        Right::from_word(&word).ok_or_else(|| Error::BadArgument {
            name: "rights",
            value: word,
            hint: format!("The rights are: {}.", Right::ALL.map(Right::word).join(", ")),
        })
    };
    let rights = words.into_iter().map(right).collect::<Result<Vec<_>, Error>>()?;
    Ok(registry::share(definition, role.to_u32(), &rights)?)
}

fn list(search: Option<&str>, page: i32, page_size: i32, options: Option<Document>) -> Result<Vec<ListRow>, Error> {
    let filter: Filter = options::parse(options, r#"{"status": "deployed"}"#)?;
    let (page, size) = (at_least_one("page", page)?, at_least_one("page_size", page_size)?);
    registry::list(search, page, size, &filter)?.into_iter().map(list_row).collect()
}

fn list_row(own: Listed) -> Result<ListRow, Error> {
    Ok((
        uuid(&own.id)?,
        own.name.into(),
        own.description.map(Text::from),
        own.status.into(),
        own.version,
        own.deployed_version,
        own.owner.into(),
        time(own.created_at)?,
        time(own.updated_at)?,
        own.total,
    ))
}
