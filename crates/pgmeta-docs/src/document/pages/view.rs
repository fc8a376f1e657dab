//! The page of a view or materialized view.

use pgmeta_core::ident::{ident, qualified};
use pgmeta_core::model::ObjectKind;
use pgmeta_discovery::{ViewColumnEntry, ViewEntry, ViewKind};

use super::{add_indexes, add_sizes, finish};
use crate::document::page::{Cell, Link, Page};
use crate::document::privileges;
use crate::document::site::Site;
use crate::document::words::of_view;

/// Returns the page of a view.
pub fn page<'a>(site: &Site<'a>, path: &str, view: &'a ViewEntry) -> Page {
    let mut page = Page {
        path: path.to_owned(),
        title: qualified(&view.schema, &view.name),
        kind: of_view(view.kind).to_owned(),
        comment: view.comment.clone(),
        ..Page::default()
    };
    page.fact("Owner", Cell::text(view.owner.as_deref().map(ident).unwrap_or_default()));
    let is_stored = view.kind == ViewKind::Materialized;
    add_sizes(&mut page, site.sizes_of(&view.schema, &view.name).filter(|_| is_stored));
    let columns = view.columns.iter().map(|own| column(site, view, own));
    page.grid("Columns", &["Column", "Type", "Null", "Shows", "Comment"], columns);
    add_indexes(&mut page, &view.indexes, site.options.sizes);
    let kind = if is_stored { ObjectKind::MaterializedView } else { ObjectKind::View };
    if let Some(object) = site.object(kind, &view.schema, &view.name) {
        let rows = privileges::rows(object, site.document.server_version_num);
        page.grid("Privileges", &privileges::HEADERS, rows.into_iter());
    }
    finish(site, &mut page);
    page
}

fn column(site: &Site<'_>, view: &ViewEntry, own: &ViewColumnEntry) -> Vec<Cell> {
    let base = own.base.iter().map(|base| {
        let link = site.places.relation(&base.schema, &base.table);
        Link { text: format!("{}.{}", link.text, ident(&base.column)), page: link.page }
    });
    let of_type = &own.column_type;
    vec![
        Cell::Code(ident(&own.name)),
        Cell::Links(vec![site.places.type_with_text(&of_type.schema, &of_type.name, &of_type.data_type)]),
        Cell::flag(view.traced && !own.nullable, "never null"),
        Cell::Links(base.collect()),
        Cell::maybe(own.comment.as_deref()),
    ]
}
