//! Indexes that belong to no constraint.

use pgmeta_core::ident::Name;

use super::catalog::{SqliteIndex, SqliteOrigin};
use super::expression::{Form, translated};
use super::statement::index_text;
use super::table::Source;
use super::token::tokens;
use crate::import::{Imported, escaped};
use crate::index::{FullIndexColumn, IndexColumnDefinition, IndexDefinition};
use crate::table::TableDefinition;
use crate::validate::Level;

/// Adds the indexes of a table that PostgreSQL can have.
pub fn add(source: &Source<'_>, table: &mut TableDefinition, imported: &mut Imported) {
    for own in source.table.indexes.iter().filter(|index| index.origin == SqliteOrigin::Statement) {
        let path = format!("/indexes/{}", escaped(&own.name));
        match index(own, source) {
            Ok(index) => table.indexes.push(index),
            Err(part) => {
                let message = format!("The index is not taken: PostgreSQL does not read {part} in it as SQLite does.");
                imported.remark(&path, "NOT_TAKEN", Level::Warning, message);
            }
        }
        for column in own.columns.iter().filter(|column| !column.collation.eq_ignore_ascii_case("BINARY")) {
            let message = format!("Collation {} of the index is not taken.", column.collation);
            imported.remark(&path, "NOT_TAKEN", Level::Warning, message);
        }
    }
}

fn index(own: &SqliteIndex, source: &Source<'_>) -> Result<IndexDefinition, String> {
    let sql = own.sql.as_deref().unwrap_or_default();
    let all = tokens(sql);
    let (texts, condition) = index_text(&all);
    let mut columns = Vec::new();
    for (at, column) in own.columns.iter().enumerate() {
        let mut full = FullIndexColumn { descending: column.descending, ..FullIndexColumn::default() };
        match &column.name {
            Some(name) => full.column = Some(Name::from(name.as_str())),
            None => {
                let text = texts.get(at).map(Vec::as_slice).unwrap_or_default();
                full.expression = Some(format!("({})", translated(text, &source.scope, Form::Expression)?));
            }
        }
        columns.push(IndexColumnDefinition(full));
    }
    let r#where = match &*condition {
        [] => None,
        _ => Some(translated(&condition, &source.scope, Form::Expression)?),
    };
    Ok(IndexDefinition {
        columns,
        name: Some(own.name.as_str().into()),
        unique: own.is_unique,
        r#where,
        ..IndexDefinition::default()
    })
}
