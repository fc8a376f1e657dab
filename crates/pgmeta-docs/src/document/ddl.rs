//! The SQL on each page: that of the object, and of all that belongs to it. pgmeta-core prints it.

use std::convert::Infallible;

use pgmeta_core::ddl::{Entry, Options, items};
use pgmeta_core::model::{Model, ObjectKind};
use rustc_hash::FxHashMap;

use super::places::Places;

/// Returns the SQL for each page, in an order in which it can be run.
pub fn by_page(model: &Model, places: &Places) -> FxHashMap<String, String> {
    let mut found: FxHashMap<String, String> = FxHashMap::default();
    let each = |item: pgmeta_core::ddl::Item| {
        if let Some(page) = page_of(&item.entry, places) {
            let text = found.entry(page.to_owned()).or_default();
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&item.ddl);
        }
        Ok::<(), Infallible>(())
    };
    match items(model, &Options::default(), || Ok(()), each) {
        Ok(()) => found,
        Err(never) => match never {},
    }
}

/// Returns the page of a step. A partition without a page is not printed with its parent, which may have many.
fn page_of<'p>(entry: &Entry, places: &'p Places) -> Option<&'p str> {
    let is_table = matches!(entry.key.kind, ObjectKind::Table | ObjectKind::ForeignTable);
    let parent = entry.parent.as_ref().filter(|_| !is_table);
    places.of_key(parent.unwrap_or(&entry.key))
}
