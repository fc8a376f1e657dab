//! Views and materialized views in the document.

use pgmeta_core::ident::Name;
use pgmeta_core::interrupt::check;
use pgmeta_core::model::{Column, ModelIndex};
use schemars::JsonSchema;
use serde::Serialize;

use super::index::{IndexEntry, Usage, indexes};
use super::type_name::{ColumnType, column_type};
use crate::view_tree::{BaseColumn, Traced, ViewColumn};

/// The kind of a view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub enum ViewKind {
    /// A view.
    #[default]
    #[serde(rename = "view")]
    View,
    /// A materialized view.
    #[serde(rename = "materialized view")]
    Materialized,
}

/// A column of a view.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct ViewColumnEntry {
    /// The name of the column.
    pub name: Name,
    /// The place of the column in the view, from 1.
    pub position: usize,
    /// The type.
    #[serde(flatten)]
    pub column_type: ColumnType,
    /// Whether it may be null. False only where no row can contradict. True for all columns of a view that is not traced.
    pub nullable: bool,
    /// The column of a table whose values it shows unchanged. Null: it is computed, or shows several.
    pub base: Option<BaseColumn>,
    /// The comment on the column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// A view or materialized view.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct ViewEntry {
    /// The schema of the view.
    pub schema: Name,
    /// The name of the view.
    pub name: Name,
    /// The kind of view.
    pub kind: ViewKind,
    /// The comment on the view.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// The role that owns the view.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<Name>,
    /// The query, as SQL.
    pub definition: String,
    /// Whether the server's parse tree was read. A snapshot has none: then nothing is known of nulls and bases.
    pub traced: bool,
    /// The columns, in order.
    pub columns: Vec<ViewColumnEntry>,
    /// The indexes of a materialized view, by name.
    pub indexes: Vec<IndexEntry>,
}

/// Returns the views of a model and its materialized views, by schema and name.
pub fn views(index: &ModelIndex<'_>, traced: Option<&Traced>, usage: &Usage<'_>) -> Vec<ViewEntry> {
    let columns = |own: &[Box<Column>], schema: &Name, name: &Name| {
        let found = traced.and_then(|traced| traced.get(&(schema.clone(), name.clone())));
        (found.is_some(), columns(index, own, found.map_or(&[], Vec::as_slice)))
    };
    let plain = index.model().views.iter().map(|own| {
        let (traced, columns) = columns(&own.columns, &own.schema, &own.name);
        ViewEntry {
            schema: own.schema.clone(),
            name: own.name.clone(),
            kind: ViewKind::View,
            comment: own.comment.clone(),
            owner: own.owner.clone(),
            definition: own.definition.clone(),
            traced,
            columns,
            indexes: Vec::new(),
        }
    });
    let materialized = index.model().materialized_views.iter().map(|own| {
        let (traced, columns) = columns(&own.columns, &own.schema, &own.name);
        ViewEntry {
            schema: own.schema.clone(),
            name: own.name.clone(),
            kind: ViewKind::Materialized,
            comment: own.comment.clone(),
            owner: own.owner.clone(),
            definition: own.definition.clone(),
            traced,
            columns,
            indexes: indexes(index, &own.schema, &own.name, usage),
        }
    });
    let mut found: Vec<ViewEntry> = plain.chain(materialized).inspect(|_| check()).collect();
    found.sort_by(|one, other| (&one.schema, &one.name).cmp(&(&other.schema, &other.name)));
    found
}

fn columns(index: &ModelIndex<'_>, columns: &[Box<Column>], traced: &[ViewColumn]) -> Vec<ViewColumnEntry> {
    let entry = |(at, column): (usize, &Column)| {
        let traced = traced.iter().find(|own| own.name == column.name);
        ViewColumnEntry {
            name: column.name.clone(),
            position: at + 1,
            column_type: column_type(index, &column.data_type),
            nullable: traced.is_none_or(|own| own.nullable),
            base: traced.and_then(|own| own.base.clone()),
            comment: column.comment.as_deref().map(str::to_owned),
        }
    };
    columns.iter().map(|column| &**column).enumerate().map(entry).collect()
}
