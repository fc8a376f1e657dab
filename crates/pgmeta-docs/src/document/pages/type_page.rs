//! The page of a type or domain.

use pgmeta_core::ident::{ident, qualified};
use pgmeta_core::model::ObjectKind;
use pgmeta_discovery::TypeEntry;

use super::finish;
use crate::document::page::{Cell, Page};
use crate::document::privileges;
use crate::document::site::Site;
use crate::document::words::of_type;

/// Returns the page of a type.
pub fn page<'a>(site: &Site<'a>, path: &str, own: &'a TypeEntry) -> Page {
    let mut page = Page {
        path: path.to_owned(),
        title: qualified(&own.schema, &own.name),
        kind: of_type(own.kind).to_owned(),
        comment: own.comment.clone(),
        ..Page::default()
    };
    page.fact("Base type", Cell::code(own.base_type.as_deref()));
    page.fact("Subtype", Cell::code(own.subtype.as_deref()));
    page.fact("Null", Cell::flag(own.not_null == Some(true), "not null"));
    page.fact("Default", Cell::code(own.default.as_deref()));
    page.fact("Check", Cell::code(own.check.as_deref()));
    let labels = own.enum_labels.iter().flatten().enumerate();
    page.grid(
        "Labels",
        &["Label", "Position"],
        labels.map(|(at, label)| vec![Cell::Code(label.to_string()), Cell::text((at + 1).to_string())]),
    );
    let attributes = own.attributes.iter().flatten().map(|own| {
        vec![Cell::Code(ident(&own.name)), Cell::Code(own.data_type.to_string()), Cell::maybe(own.comment.as_deref())]
    });
    page.grid("Attributes", &["Attribute", "Type", "Comment"], attributes);
    let uses = site.uses_of(own).iter().map(|(table, column)| {
        vec![Cell::Links(vec![site.places.relation(&table.schema, &table.name)]), Cell::Code(ident(column))]
    });
    page.grid("Columns of this type", &["Table", "Column"], uses);
    if let Some(object) = site.object(ObjectKind::Type, &own.schema, &own.name) {
        let rows = privileges::rows(object, site.document.server_version_num);
        page.grid("Privileges", &privileges::HEADERS, rows.into_iter());
    }
    finish(site, &mut page);
    page
}
