//! Views. A query is taken if both read all its words alike, and kept as text otherwise.

use pgmeta_core::interrupt::check;

use super::catalog::SqliteSchema;
use super::expression::{Form, Scope, translated};
use super::keep;
use super::statement::view_text;
use super::token::tokens;
use crate::import::{Imported, escaped};
use crate::validate::Level;
use crate::view::ViewDefinition;

/// Adds the views.
pub fn add(schema: &SqliteSchema, imported: &mut Imported) {
    let tables = schema.tables.iter().filter(|own| !own.is_virtual);
    let columns = tables.clone().flat_map(|own| &own.columns).map(|own| own.name.clone());
    let names =
        tables.map(|own| own.name.clone()).chain(columns).chain(schema.views.iter().map(|own| own.name.clone()));
    let scope = Scope::new(names.map(|name| (name, true)));
    for own in &schema.views {
        check();
        let path = format!("/views/{}", escaped(&own.name));
        let all = tokens(&own.sql);
        let (names, query) = view_text(&all);
        let query =
            if names.is_empty() { translated(&query, &scope, Form::Query) } else { Err("names of columns".to_owned()) };
        match query {
            Ok(query) => {
                let view = ViewDefinition { name: own.name.as_str().into(), query, ..ViewDefinition::default() };
                imported.definition.views.push(view);
                let message =
                    "The query is taken as SQLite has it; look whether PostgreSQL finds the same rows.".to_owned();
                imported.remark(&path, "QUERY_NOT_COMPARED", Level::Warning, message);
            }
            Err(part) => {
                keep(imported, "views", &own.name, &own.sql);
                let message = format!(
                    "The view is kept as text in a label: PostgreSQL does not read {part} in it as SQLite does."
                );
                imported.remark(&path, "NOT_TAKEN", Level::Warning, message);
            }
        }
    }
}
