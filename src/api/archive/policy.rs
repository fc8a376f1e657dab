//! Functions that create, alter, drop and pause policies.

use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::options;
use crate::archive::{self, Retention};
use crate::encoding::Text;
use crate::error::Error;
use crate::jsonb::Document;

/// Prints the three parts of an interval in PostgreSQL's format.
fn text_of_interval(interval: &Interval) -> String {
    format!("{} months {} days {} microseconds", interval.months(), interval.days(), interval.micros())
}

/// Returns an argument, or an error if it is NULL.
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

// A literal and a text parameter resolve to this form.
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

/// Creates a policy. The forms differ in the type of the retention.
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
