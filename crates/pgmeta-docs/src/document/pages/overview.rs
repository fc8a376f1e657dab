//! The pages about all of the schema: the index, the diagram, groups of tables, findings.

use std::collections::BTreeMap;

use pgmeta_core::file_name::unique_file_name;
use pgmeta_core::ident::{Name, ident, qualified};
use pgmeta_core::size::pretty_size;
use pgmeta_discovery::{FunctionEntry, TableEntry, TypeEntry, ViewEntry};

use super::{FINDING_HEADERS, finding};
use crate::coverage::coverage;
use crate::diagram::Key;
use crate::document::page::{Cell, DIAGRAM, FINDINGS, INDEX, Link, Page, Row};
use crate::document::site::Site;
use crate::document::words::{joined, of_routine, of_table, of_type, of_view};
use crate::document::{DocumentError, Format};

/// Returns the pages about all of the schema, the index first.
pub fn pages(site: &Site<'_>, format: Format) -> Result<Vec<Page>, DocumentError> {
    let title = site.options.title();
    let groups = viewpoints(site)?;
    let mut pages = vec![index(site, format, &groups)];
    if format == Format::Html {
        let mut page = Page { path: DIAGRAM.to_owned(), title: format!("Diagram of {title}"), ..Page::default() };
        page.diagram("Diagram", site.chart.graph(&site.shown, None), true);
        pages.push(page);
    }
    let mut page = Page { path: FINDINGS.to_owned(), title: format!("Findings in {title}"), ..Page::default() };
    page.fact("Findings", Cell::text(site.findings.len().to_string()));
    page.grid("Findings", &FINDING_HEADERS, site.findings.iter().map(|own| finding(site, own)));
    pages.push(page);
    pages.extend(groups);
    Ok(pages)
}

/// Returns a page for each group of tables.
fn viewpoints(site: &Site<'_>) -> Result<Vec<Page>, DocumentError> {
    let mut pages = Vec::new();
    for (name, own) in &site.options.viewpoints {
        let tables = site.chart.near(&own.tables, own.distance)?;
        let mut page = Page {
            path: format!("viewpoints/{}", unique_file_name(name)),
            title: name.clone(),
            kind: "viewpoint".to_owned(),
            ..Page::default()
        };
        page.diagram("Diagram", site.chart.graph(&tables, None), true);
        let rows = tables.iter().map(|(schema, name)| vec![Cell::Links(vec![site.places.relation(schema, name)])]);
        page.grid("Tables", &["Table"], rows);
        pages.push(page);
    }
    Ok(pages)
}

/// The objects of one schema that have pages.
#[derive(Default)]
struct Contents<'a> {
    tables: Vec<&'a TableEntry>,
    views: Vec<&'a ViewEntry>,
    functions: Vec<&'a FunctionEntry>,
    types: Vec<&'a TypeEntry>,
}

fn index(site: &Site<'_>, format: Format, groups: &[Page]) -> Page {
    let mut page = Page { path: INDEX.to_owned(), title: site.options.title().to_owned(), ..Page::default() };
    let mut schemas: BTreeMap<&Name, Contents<'_>> = BTreeMap::new();
    for (_, own) in &site.tables {
        schemas.entry(&own.schema).or_default().tables.push(own);
    }
    for (_, own) in &site.views {
        schemas.entry(&own.schema).or_default().views.push(own);
    }
    for own in site.functions.iter().flat_map(|(_, overloads)| overloads) {
        schemas.entry(&own.schema).or_default().functions.push(own);
    }
    for (_, own) in &site.types {
        schemas.entry(&own.schema).or_default().types.push(own);
    }
    for (word, count) in [
        ("Schemas", schemas.len()),
        ("Tables", site.tables.len()),
        ("Views", site.views.len()),
        ("Functions", site.functions.iter().map(|(_, overloads)| overloads.len()).sum()),
        ("Types", site.types.len()),
    ] {
        page.fact(word, Cell::text(count.to_string()));
    }
    let count = site.findings.len();
    let findings = Link { text: count.to_string(), page: Some(FINDINGS.to_owned()) };
    page.fact("Findings", Cell::Links(vec![findings]));
    let errors = site.document.errors.iter().map(|own| {
        vec![Cell::text(own.kind.as_str()), Cell::Code(own.identity.clone()), Cell::text(own.error.as_str())]
    });
    page.grid("Objects that could not be read", &["Type", "Object", "Error"], errors);
    let groups = groups
        .iter()
        .map(|own| vec![Cell::Links(vec![Link { text: own.title.clone(), page: Some(own.path.clone()) }])]);
    page.grid("Viewpoints", &["Viewpoint"], groups);
    if format == Format::Markdown {
        page.diagram("Diagram", site.chart.graph(&site.shown, None), true);
    }
    for (schema, contents) in &schemas {
        add_schema(site, schema, contents, &mut page);
    }
    let rows = coverage(site.index.model()).into_iter().map(|own| {
        let count = format!("{} of {}", own.commented, own.total);
        vec![
            Cell::text(ident(&own.schema)),
            Cell::text(own.kind),
            Cell::text(count),
            Cell::text(format!("{} %", own.percent)),
        ]
    });
    page.grid("Comments", &["Schema", "Type", "With comment", "Share"], rows);
    page
}

fn add_schema(site: &Site<'_>, schema: &Name, contents: &Contents<'_>, page: &mut Page) {
    let name = ident(schema);
    let tables = contents.tables.iter().map(|own| {
        let sizes = site.sizes_of(&own.schema, &own.name).filter(|own| own.bytes > 0);
        let rows = sizes.and_then(|own| own.rows_estimate).map(|rows| rows.to_string());
        let cells = vec![
            Cell::Links(vec![site.places.relation(&own.schema, &own.name)]),
            Cell::text(of_table(own)),
            Cell::text(own.columns.len().to_string()),
            Cell::text(rows.unwrap_or_default()),
            Cell::text(sizes.map(|own| pretty_size(own.bytes + own.index_bytes)).unwrap_or_default()),
            Cell::maybe(own.comment.as_deref()),
        ];
        Row { cells, words: joined(own.columns.iter().map(|column| &*column.name)) }
    });
    let headers = ["Table", "Kind", "Columns", "Rows, estimated", "Size", "Comment"];
    page.grid(format!("Tables of {name}"), &headers, tables);
    let views = contents.views.iter().map(|own| {
        let cells = vec![
            Cell::Links(vec![site.places.relation(&own.schema, &own.name)]),
            Cell::text(of_view(own.kind)),
            Cell::text(own.columns.len().to_string()),
            Cell::maybe(own.comment.as_deref()),
        ];
        Row { cells, words: joined(own.columns.iter().map(|column| &*column.name)) }
    });
    page.grid(format!("Views of {name}"), &["View", "Kind", "Columns", "Comment"], views);
    let functions = contents.functions.iter().map(|own| {
        let link = site.places.function_named(qualified(&own.schema, &own.name));
        vec![
            Cell::Links(vec![Link { text: own.identity.clone(), page: link.page }]),
            Cell::text(of_routine(own.kind)),
            Cell::code(own.return_type.as_deref()),
            Cell::maybe(own.comment.as_deref()),
        ]
    });
    page.grid(format!("Functions of {name}"), &["Function", "Kind", "Returns", "Comment"], functions);
    let types = contents.types.iter().map(|own| {
        let key: Key<'_> = (&own.schema, &own.name);
        vec![
            Cell::Links(vec![site.places.type_with_text(key.0, key.1, &qualified(key.0, key.1))]),
            Cell::text(of_type(own.kind)),
            Cell::maybe(own.comment.as_deref()),
        ]
    });
    page.grid(format!("Types of {name}"), &["Type", "Kind", "Comment"], types);
}
