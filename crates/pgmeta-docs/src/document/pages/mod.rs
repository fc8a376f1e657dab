//! What stands on each kind of page. Knows no format, except the pages that only one format has.

mod function;
mod overview;
mod table;
mod type_page;
mod view;

use pgmeta_core::ident::{Name, ident, ident_list};
use pgmeta_core::interrupt::check_now;
use pgmeta_core::size::pretty_size;
use pgmeta_discovery::{IndexEntry, TableStatistics};
use pgmeta_lint::Finding;

use super::page::{Cell, Page};
use super::site::Site;
use super::{DocumentError, Format};

/// Returns all pages of a document.
pub fn pages(site: &Site<'_>, format: Format) -> Result<Vec<Page>, DocumentError> {
    let mut pages = overview::pages(site, format)?;
    pages.extend(site.tables.iter().inspect(|_| check_now()).map(|(path, own)| table::page(site, path, own)));
    pages.extend(site.views.iter().inspect(|_| check_now()).map(|(path, own)| view::page(site, path, own)));
    pages.extend(site.functions.iter().inspect(|_| check_now()).map(|(path, own)| function::page(site, path, own)));
    pages.extend(site.types.iter().inspect(|_| check_now()).map(|(path, own)| type_page::page(site, path, own)));
    Ok(pages)
}

/// The words above the columns of findings.
pub const FINDING_HEADERS: [&str; 5] = ["Level", "Object", "Finding", "Fix", "Rule"];

/// Returns the row of a finding.
pub fn finding(site: &Site<'_>, own: &Finding) -> Vec<Cell> {
    vec![
        Cell::text(own.level.word()),
        Cell::Links(vec![site.link_of(own)]),
        Cell::text(own.detail.as_str()),
        Cell::code(own.fix_sql.as_deref()),
        Cell::text(own.rule),
    ]
}

/// Adds what every page of an object ends with: what lint found, and the SQL.
fn finish(site: &Site<'_>, page: &mut Page) {
    let rows = site.findings_on(&page.path).iter().map(|own| finding(site, own));
    page.grid("Findings", &FINDING_HEADERS, rows);
    page.code("SQL", site.ddl_of(&page.path));
}

/// Adds the indexes of a relation.
fn add_indexes(page: &mut Page, indexes: &[IndexEntry], with_sizes: bool) {
    let headers = ["Name", "Method", "Key", "Includes", "Unique", "Condition", "Size", "Comment"];
    let rows = indexes.iter().map(|own| {
        let bytes = own.bytes.filter(|_| with_sizes).map(pretty_size);
        vec![
            Cell::text(ident(&own.name)),
            Cell::text(&*own.method),
            Cell::Code(own.columns.join(", ")),
            Cell::Code(ident_list(&own.include)),
            Cell::text(match (own.unique, own.nulls_not_distinct) {
                (true, true) => "unique, nulls not distinct",
                (true, false) => "unique",
                (false, _) => "",
            }),
            Cell::code(own.predicate.as_deref()),
            Cell::maybe(bytes.as_deref()),
            Cell::maybe(own.comment.as_deref()),
        ]
    });
    page.grid("Indexes", &headers, rows);
}

/// Adds what is known of a relation's size.
fn add_sizes(page: &mut Page, own: Option<&TableStatistics>) {
    let Some(own) = own else { return };
    page.fact("Rows, estimated", Cell::text(own.rows_estimate.map(|rows| rows.to_string()).unwrap_or_default()));
    page.fact("Size", Cell::text(pretty_size(own.bytes)));
    page.fact("Size of indexes", Cell::text(pretty_size(own.index_bytes)));
}

/// Returns names as SQL.
fn names(names: &[Name]) -> Cell {
    Cell::Code(ident_list(names))
}
