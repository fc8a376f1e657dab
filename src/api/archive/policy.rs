//! Policies: making, changing, dropping, pausing.

use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::options;
use crate::archive::{self, Retention};
use crate::document::Document;
use crate::encoding::Text;
use crate::error::Error;

/// The three parts of an interval, which PostgreSQL reads as it would its own text.
fn text_of_interval(interval: &Interval) -> String {
    format!("{} months {} days {} microseconds", interval.months(), interval.days(), interval.micros())
}

/// What a function that changes something cannot do without.
fn given<T>(name: &'static str, value: Option<T>) -> Result<T, Error> {
    value.ok_or_else(|| Error::BadArgument {
        name,
        value: "NULL".to_owned(),
        hint: "Only the argument options may be NULL or omitted.".to_owned(),
    })
}

#[pg_extern(
    sql = "CREATE FUNCTION pgmeta_archive_policy_create(name text, parent regclass, storage text, retention interval, options jsonb DEFAULT '{}') RETURNS void VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';"
)]
fn policy_create_by_time(
    name: Option<Text>,
    parent: Option<pg_sys::Oid>,
    storage: Option<Text>,
    retention: Option<Interval>,
    options: Option<Document>,
) -> Result<(), ErrorReport> {
    create(name, parent, storage, (retention, |time| Ok(Retention::Time(text_of_interval(&time)))), options)
}

#[pg_extern(
    sql = "CREATE FUNCTION pgmeta_archive_policy_create(name text, parent regclass, storage text, retention bigint, options jsonb DEFAULT '{}') RETURNS void VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';"
)]
fn policy_create_by_keys(
    name: Option<Text>,
    parent: Option<pg_sys::Oid>,
    storage: Option<Text>,
    retention: Option<i64>,
    options: Option<Document>,
) -> Result<(), ErrorReport> {
    create(name, parent, storage, (retention, |keys| Ok(Retention::Keys(keys))), options)
}

// What a literal and a text parameter resolve to.
#[pg_extern(
    sql = "CREATE FUNCTION pgmeta_archive_policy_create(name text, parent regclass, storage text, retention text, options jsonb DEFAULT '{}') RETURNS void VOLATILE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';"
)]
fn policy_create_by_text(
    name: Option<Text>,
    parent: Option<pg_sys::Oid>,
    storage: Option<Text>,
    retention: Option<Text>,
    options: Option<Document>,
) -> Result<(), ErrorReport> {
    create(name, parent, storage, (retention, |text| Retention::from_text(&text)), options)
}

/// What all forms do; they have the retention as another type each.
fn create<T>(
    name: Option<Text>,
    parent: Option<pg_sys::Oid>,
    storage: Option<Text>,
    (retention, read): (Option<T>, impl FnOnce(T) -> Result<Retention, Error>),
    options: Option<Document>,
) -> Result<(), ErrorReport> {
    let retention = read(given("retention", retention)?)?;
    let (name, storage) = (given("name", name)?, given("storage", storage)?);
    let parent = given("parent", parent)?.to_u32();
    Ok(archive::create(&name, parent, &storage, &retention, &options::archive_text(options)?)?)
}

#[pg_extern(volatile, parallel_unsafe)]
fn pgmeta_archive_policy_alter(
    name: Option<Text>,
    options: default!(Option<Document>, "'{}'"),
) -> Result<(), ErrorReport> {
    let name = given("name", name.as_deref())?;
    let options = given("options", options)?;
    Ok(archive::alter(name, options::read(Some(options), r#"{"workers": 2}"#)?)?)
}

#[pg_extern(volatile, parallel_unsafe)]
fn pgmeta_archive_policy_drop(name: Option<Text>) -> Result<(), ErrorReport> {
    Ok(archive::drop(given("name", name.as_deref())?)?)
}

#[pg_extern(volatile, parallel_unsafe)]
fn pgmeta_archive_policy_pause(name: Option<Text>) -> Result<(), ErrorReport> {
    Ok(archive::set_paused(given("name", name.as_deref())?, true)?)
}

#[pg_extern(volatile, parallel_unsafe)]
fn pgmeta_archive_policy_resume(name: Option<Text>) -> Result<(), ErrorReport> {
    Ok(archive::set_paused(given("name", name.as_deref())?, false)?)
}
