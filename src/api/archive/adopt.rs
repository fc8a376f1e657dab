//! `pgmeta_archive_adopt`: records archives that exist in a storage.

use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::options;
use crate::archive::{self, Adopt, Adoption};
use crate::encoding::{self, Text};
use crate::jsonb::Document;

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
    let options: Adopt = options::of_archive(options)?;
    let found = archive::adopt(&storage, &options)?;
    // The texts are from other authors and may not fit the database's encoding.
    let text = |text: String| Text::from(&*encoding::fitting(&text));
    Ok(TableIterator::new(found.into_iter().map(move |adoption| {
        let Adoption { archive, partition, manifest, action, detail } = adoption;
        (archive, partition.map(text), text(manifest), action.into(), detail.map(text))
    })))
}
