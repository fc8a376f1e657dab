//! A plan and its reverse as the files of a migration tool.

use pgmeta_core::diff::inverse;
use pgmeta_core::plan::format::{Format, Migration, migration};
use pgmeta_core::plan::{Options, Step, plan};
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::options;
use crate::api::sides::{Side, Sides, join};
use crate::encoding::Text;
use crate::error::Error;
use crate::jsonb::{Document, SnapshotArgument};
use crate::spi::Connection;

#[pg_extern(stable, parallel_unsafe)]
fn pgmeta_migration(
    source: Option<SnapshotArgument>,
    target: Option<SnapshotArgument>,
    format: default!(Option<Text>, "'plain'"),
    name: default!(Option<Text>, "'migration'"),
    version: default!(Option<Text>, "NULL"),
    options: default!(Option<Document>, "'{}'"),
) -> Result<TableIterator<'static, (name!(path, Text), name!(content, Text))>, ErrorReport> {
    let options = options::of_plan(options)?;
    let format = format_of(format.as_deref().unwrap_or("plain"))?;
    let (Some(source), Some(target)) = (source, target) else {
        return Ok(TableIterator::empty());
    };
    let (old, new) = join(Side::of(source)?, Side::of(target)?, &options)?;
    let forth = Sides::renamed(old.clone(), new.clone(), &options)?;
    // The option `using` applies to one direction only.
    let options_back = Options { using: Default::default(), renames: inverse(&forth.renames), ..options.clone() };
    let back = Sides::renamed(new, old, &options_back)?;
    let up = plan(&forth.source, &forth.target, &forth.renames, &options).map_err(Error::from)?;
    let down = plan(&back.source, &back.target, &back.renames, &options_back).map_err(Error::from)?;
    let name = name.as_deref().unwrap_or("migration");
    Ok(TableIterator::new(files(format, name, version.as_deref(), &up, &down)?))
}

/// Returns the files with a plan and its reverse. The version is the present time, unless it is given.
pub fn files(
    format: Format,
    name: &str,
    version: Option<&str>,
    up: &[Step],
    down: &[Step],
) -> Result<Vec<(Text, Text)>, Error> {
    // The core must not read a clock.
    let now = now()?;
    let version = Some(version.unwrap_or(&now));
    let files = migration(format, &Migration { name, version, up, down })?;
    Ok(files.into_iter().map(|file| (file.path.into(), file.content.into())).collect())
}

pub fn format_of(word: &str) -> Result<Format, Error> {
    Format::from_word(word).ok_or_else(|| {
        let known: Vec<&str> = Format::ALL.iter().map(|format| format.word()).collect();
        let hint = format!("Supported formats are: {}.", known.join(", "));
        Error::BadArgument { name: "format", value: word.to_owned(), hint }
    })
}

/// Returns the transaction's time in the format of migration tools.
fn now() -> Result<String, Error> {
    let sql = "SELECT pg_catalog.to_char(pg_catalog.now() AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISS') AS version";
    Connection::open()?.one(sql, &[], "version")
}
