//! The document for programs: the discovery document, and how much of the schema has comments.

use pgmeta_core::ddl::File;
use pgmeta_core::ident::Name;
use pgmeta_core::model::{Model, ModelIndex};
use pgmeta_discovery::{Document, Section, patterns};
use serde::Serialize;

use super::{DocumentError, Options, Source};
use crate::coverage::{Coverage, coverage};
use crate::diagram::{Chart, any_matches, matchers};

#[derive(Serialize)]
struct Schema<'a> {
    #[serde(flatten)]
    document: &'a Document,
    coverage: Vec<Coverage>,
}

/// Returns the one file.
pub fn files(source: Source<'_>, options: &Options) -> Result<Vec<File>, DocumentError> {
    let chosen = if options.tables.is_empty() { None } else { Some(choose(source.model, source.document, options)?) };
    let document = chosen.as_ref().unwrap_or(source.document);
    let schema = Schema { document, coverage: coverage(source.model) };
    let content = serde_json::to_string_pretty(&schema)? + "\n";
    Ok(vec![File { path: "schema.json".to_owned(), content }])
}

/// Returns a document of what has pages in the other formats, with all relationships of its tables.
fn choose(model: &Model, document: &Document, options: &Options) -> Result<Document, DocumentError> {
    let of_diagrams = options.of_diagrams();
    let chart = Chart::of(document, &of_diagrams)?;
    let shown = chart.near(&options.tables, options.distance)?;
    let wanted = matchers(&options.tables)?;
    let is_wanted = |schema: &str, name: &str| any_matches(&wanted, schema, name);
    let mut chosen = document.clone();
    // A partition has no box in a diagram, and is there if it is named.
    let is_chosen = |schema: &Name, name: &Name| shown.contains(&(schema, name)) || any_matches(&wanted, schema, name);
    retain(&mut chosen.tables, |own| is_chosen(&own.schema, &own.name));
    retain(&mut chosen.views, |own| is_wanted(&own.schema, &own.name));
    retain(&mut chosen.functions, |own| is_wanted(&own.schema, &own.name));
    retain(&mut chosen.types, |own| is_wanted(&own.schema, &own.name));
    retain(&mut chosen.relationships, |own| shown.contains(&own.table()) || shown.contains(&own.parent()));
    if let Some(Section::Found(statistics)) = &mut chosen.statistics {
        statistics.tables.retain(|own| is_chosen(&own.schema, &own.name));
        statistics.indexes.retain(|own| is_chosen(&own.schema, &own.table));
    }
    if let (Some(Section::Found(found)), Some(Section::Found(relationships))) =
        (&mut chosen.patterns, &chosen.relationships)
    {
        *found = patterns(&ModelIndex::of(model), relationships);
    }
    Ok(chosen)
}

fn retain<T>(section: &mut Option<Section<Vec<T>>>, is_chosen: impl Fn(&T) -> bool) {
    if let Some(Section::Found(list)) = section {
        list.retain(is_chosen);
    }
}
