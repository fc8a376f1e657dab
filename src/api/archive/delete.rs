//! Deleting archives, and adopting what is found in a storage.

use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::archive::text_of;
use crate::archive::{self, Adopt, Adoption, Delete};
use crate::document::Document;
use crate::encoding::{self, Text};
use crate::error::Error;
use crate::spi::Transactions;

/// Deletes the files of an archive; commits before and after.
#[pg_extern(
    sql = "CREATE PROCEDURE pgmeta_archive_delete(id bigint, options jsonb DEFAULT '{}') LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';"
)]
fn pgmeta_archive_delete(
    id: Option<i64>,
    options: Option<Document>,
    call: pg_sys::FunctionCallInfo,
) -> Result<(), ErrorReport> {
    let Some(id) = id else { return Ok(()) };
    let options: Delete = serde_json::from_str(&text_of(options)?).map_err(Error::Options)?;
    let transactions = Transactions::of(call, "pgmeta_archive_delete()")?;
    Ok(archive::delete(id, &options, &transactions)?)
}

/// Records the archives whose manifests are in a storage.
#[pg_extern(volatile, parallel_unsafe)]
#[expect(clippy::type_complexity, reason = "pgrx must see the columns of RETURNS TABLE")]
fn pgmeta_archive_adopt(
    storage: Option<Text>,
    options: default!(Option<Document>, "'{}'"),
) -> Result<
    TableIterator<
        'static,
        (
            name!(archive, Option<i64>),
            name!(partition, Option<Text>),
            name!(manifest, Text),
            name!(action, Text),
            name!(detail, Option<Text>),
        ),
    >,
    ErrorReport,
> {
    let Some(storage) = storage else { return Ok(TableIterator::empty()) };
    let options: Adopt = serde_json::from_str(&text_of(options)?).map_err(Error::Options)?;
    let found = archive::adopt(&storage, &options)?;
    // They say what others have written.
    let text = |text: String| Text::from(&*encoding::fitting(&text));
    Ok(TableIterator::new(found.into_iter().map(move |adoption| {
        let Adoption { archive, partition, manifest, action, detail } = adoption;
        (archive, partition.map(text), text(manifest), action.into(), detail.map(text))
    })))
}
