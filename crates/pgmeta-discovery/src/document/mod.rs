//! The discovery document: a schema as an application or a person wants to know it. Made from the model, section by section.

mod column;
mod constraint;
mod expression;
mod function;
mod index;
mod table;
mod type_name;
mod types;
mod view;

use std::cell::OnceCell;

use pgmeta_core::interrupt::check;
use pgmeta_core::model::ModelIndex;
use schemars::JsonSchema;
use serde::Serialize;

pub use column::ColumnEntry;
pub use constraint::ConstraintEntry;
pub use function::{ArgumentEntry, FunctionEntry, RoutineKind};
pub use index::IndexEntry;
pub use table::{PolicyEntry, TableEntry, TableKind, TriggerEntry};
pub(crate) use type_name::column_type;
pub use type_name::{ColumnType, TypeKind, is_composite};
pub use types::{AttributeEntry, TypeEntry};
pub use view::{ViewColumnEntry, ViewEntry, ViewKind};

use crate::options::{Options, SectionName};
use crate::patterns::{Patterns, patterns};
use crate::relationships::{Relationship, relationships};
use crate::statistics::Statistics;
use crate::view_tree::Traced;

/// The format of the document that this code writes.
pub const FORMAT_VERSION: u32 = 1;

/// A section: what was found, or why there is nothing.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Section<T> {
    /// What was found.
    Found(T),
    /// Why the section could not be made.
    Failed {
        /// The message of the error.
        error: String,
    },
}

impl<T> From<Result<T, String>> for Section<T> {
    fn from(result: Result<T, String>) -> Self {
        result.map_or_else(|error| Section::Failed { error }, Section::Found)
    }
}

/// An object that could not be read.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ObjectError {
    /// The type of the object, in the words of `pg_identify_object`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The identity of the object, as `pg_identify_object` spells it.
    pub identity: String,
    /// The message of the error.
    pub error: String,
}

/// The discovery document. A section that was not asked for is absent.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Document {
    /// The version of this document's format.
    pub format_version: u32,
    /// The SQL dialect of the schema.
    pub dialect: String,
    /// The setting `server_version_num` of the server that the schema was read from.
    pub server_version_num: u32,
    /// Tables, partitioned tables, partitions and foreign tables, by schema and name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tables: Option<Section<Vec<TableEntry>>>,
    /// Views and materialized views, by schema and name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub views: Option<Section<Vec<ViewEntry>>>,
    /// Functions, procedures and aggregates, by schema, name and arguments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub functions: Option<Section<Vec<FunctionEntry>>>,
    /// Types and domains, by schema and name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub types: Option<Section<Vec<TypeEntry>>>,
    /// How tables relate, as `pgmeta_relationships` returns it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relationships: Option<Section<Vec<Relationship>>>,
    /// What the relationships form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patterns: Option<Section<Patterns>>,
    /// Sizes and use of tables and indexes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statistics: Option<Section<Statistics>>,
    /// The objects that could not be read, and are not in the document.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ObjectError>,
}

/// What is known beyond the model.
#[derive(Clone, Debug)]
pub struct Evidence<'a> {
    /// What the parse trees of views show. `None`: a snapshot, which has none. An error: they could not be read.
    pub views: Result<Option<&'a Traced>, String>,
    /// What the server has counted. `None`: a snapshot, or nobody asked. An error: it could not be read.
    pub statistics: Result<Option<&'a Statistics>, String>,
    /// The objects that could not be read.
    pub errors: Vec<ObjectError>,
}

impl Default for Evidence<'_> {
    fn default() -> Self {
        Self { views: Ok(None), statistics: Ok(None), errors: Vec::new() }
    }
}

/// Returns the document of a model. `made` is told of each section when it is made, with the number of its entries.
pub fn discover(
    index: &ModelIndex<'_>,
    evidence: Evidence<'_>,
    options: &Options,
    made: &mut dyn FnMut(SectionName, usize),
) -> Document {
    let model = index.model();
    let Evidence { views: trees, statistics, errors } = evidence;
    let usage = index::Usage::of(statistics.as_ref().ok().copied().flatten());
    let mut document = Document {
        format_version: FORMAT_VERSION,
        dialect: "postgresql".to_owned(),
        server_version_num: model.server_version_num,
        tables: None,
        views: None,
        functions: None,
        types: None,
        relationships: None,
        patterns: None,
        statistics: None,
        errors,
    };
    let related = OnceCell::new();
    let related = || related.get_or_init(|| relationships(index, &options.strategies));
    for section in SectionName::ALL.into_iter().filter(|section| options.wants(*section)) {
        let count = match section {
            SectionName::Tables => {
                let tables = model.tables.iter().inspect(|_| check());
                put(&mut document.tables, Ok(tables.map(|own| table::table(index, own, &usage)).collect()))
            }
            SectionName::Views => {
                put(&mut document.views, trees.clone().map(|trees| view::views(index, trees, &usage)))
            }
            SectionName::Functions => put(&mut document.functions, Ok(function::functions(model))),
            SectionName::Types => put(&mut document.types, Ok(types::types(model))),
            SectionName::Relationships => put(&mut document.relationships, Ok(related().clone())),
            SectionName::Patterns => {
                document.patterns = Some(Section::Found(patterns(index, related())));
                1
            }
            SectionName::Statistics => {
                let found = statistics.clone().transpose().map(|found| found.cloned());
                let count = |found: &Statistics| found.tables.len() + found.indexes.len();
                let count = found.as_ref().and_then(|found| found.as_ref().ok()).map_or(0, count);
                document.statistics = found.map(Section::from);
                count
            }
        };
        made(section, count);
    }
    document
}

/// Puts a section into its place, and returns the number of its entries.
fn put<T>(place: &mut Option<Section<Vec<T>>>, entries: Result<Vec<T>, String>) -> usize {
    let count = entries.as_ref().map_or(0, Vec::len);
    *place = Some(entries.into());
    count
}

impl Document {
    /// Returns the JSON Schema (draft 2020-12) of the document.
    pub fn json_schema() -> serde_json::Value {
        let settings = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
        settings.into_generator().into_root_schema_for::<Document>().into()
    }
}
