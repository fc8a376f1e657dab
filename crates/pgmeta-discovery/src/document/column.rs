//! Columns of tables in the document.

use pgmeta_core::ident::Name;
use pgmeta_core::interrupt::check;
use pgmeta_core::model::{Column, ConstraintKind, Generated, Identity, ModelIndex, Table};
use schemars::JsonSchema;
use serde::Serialize;

use super::expression::columns_in;
use super::type_name::{ColumnType, column_type};
use crate::nulls::is_never_null_in;
use crate::relationships::UniqueKey;

/// A column of a table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct ColumnEntry {
    /// The name of the column.
    pub name: Name,
    /// The place of the column in the table, from 1. Columns that were dropped do not count.
    pub position: usize,
    /// The type.
    #[serde(flatten)]
    pub column_type: ColumnType,
    /// Whether a query of the table may return null. False only where no row can contradict: not for foreign tables, whose
    /// constraints are not enforced, nor where a child of the table allows nulls.
    pub nullable: bool,
    /// Whether the column is declared NOT NULL.
    pub not_null: bool,
    /// The default, as SQL. Absent: null.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// The kind of identity column. Absent: it is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    /// Whether and how the column is generated. Absent: it is not generated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generated: Option<Generated>,
    /// The expression of a generated column, as SQL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generation_expression: Option<String>,
    /// Whether it is part of the primary key.
    pub primary_key: bool,
    /// Whether no two rows have the same value, nulls aside: it is a unique key by itself.
    pub unique: bool,
    /// The condition of the checks that are on this column alone, as SQL, joined with AND.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
    /// The collation, as SQL. Absent: that of the type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collation: Option<Name>,
    /// The comment on the column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// Returns the columns of a table.
pub fn columns(index: &ModelIndex<'_>, table: &Table, keys: &[UniqueKey<'_>]) -> Vec<ColumnEntry> {
    let mut checks: Vec<Vec<&str>> = vec![Vec::new(); table.columns.len()];
    for constraint in index.constraints_of(&table.schema, &table.name) {
        check();
        let Some(expression) = constraint.expression.as_deref().filter(|_| constraint.kind == ConstraintKind::Check)
        else {
            continue;
        };
        let named = columns_in(index, table, expression);
        if let (Some(&only), 1) = (named.first(), named.len()) {
            checks[only].push(expression);
        }
    }
    let columns = table.columns.iter().inspect(|_| check()).zip(checks).enumerate();
    columns.map(|(at, (column, checks))| entry(index, table, keys, (at + 1, column), &checks)).collect()
}

fn entry(
    index: &ModelIndex<'_>,
    table: &Table,
    keys: &[UniqueKey<'_>],
    (position, column): (usize, &Column),
    checks: &[&str],
) -> ColumnEntry {
    // In the model, NULL is the default of a column that has not the one of its parent.
    let expression = column.default.as_deref().filter(|text| *text != "NULL").map(str::to_owned);
    let (default, generation_expression) = match column.generated {
        Some(_) => (None, expression),
        None => (expression, None),
    };
    ColumnEntry {
        name: column.name.clone(),
        position,
        column_type: column_type(index, &column.data_type),
        nullable: !is_never_null_in(index, table, column),
        not_null: column.not_null.is_some(),
        default,
        identity: column.identity,
        generated: column.generated,
        generation_expression,
        primary_key: keys.iter().any(|key| key.primary && key.columns.contains(&&column.name)),
        unique: keys.iter().any(|key| key.columns.as_slice() == [&column.name]),
        check: joined(checks),
        collation: column.collation.clone(),
        comment: column.comment.as_deref().map(str::to_owned),
    }
}

/// Joins conditions with AND, each in parentheses.
pub fn joined<S: AsRef<str>>(conditions: &[S]) -> Option<String> {
    match conditions {
        [] => None,
        [only] => Some(only.as_ref().to_owned()),
        several => {
            let in_parentheses = |text: &S| match text.as_ref() {
                text if text.starts_with('(') && text.ends_with(')') => text.to_owned(),
                text => format!("({text})"),
            };
            Some(several.iter().map(in_parentheses).collect::<Vec<_>>().join(" AND "))
        }
    }
}
