//! The schema of an SQLite database as a definition: what SQLite says of it, in PostgreSQL's words. Opens no database, and takes only what
//! both understand alike: the rest is reported.

mod catalog;
mod constraints;
mod default;
mod expression;
mod indexes;
mod options;
mod statement;
mod table;
mod token;
mod types;
mod views;

use pgmeta_core::interrupt::check;
use serde_json::{Map, Value};

use crate::definition::Definition;
use crate::import::{Imported, escaped};
use crate::validate::Level;

pub use catalog::{
    SqliteColumn, SqliteForeignKey, SqliteGenerated, SqliteIndex, SqliteIndexColumn, SqliteOrigin, SqliteSchema,
    SqliteTable, SqliteTrigger, SqliteView,
};
pub use options::SqliteOptions;

/// The label that keeps what a definition has no place for.
const LABEL: &str = "sqlite";

/// Makes a definition of a schema.
pub fn from_sqlite(schema: &SqliteSchema, options: &SqliteOptions) -> Imported {
    let mut imported = Imported { definition: Definition::default(), report: Vec::new() };
    if schema.has_log {
        let message = "The database has a write-ahead log, which is not read: changes may be missing. A checkpoint before writes them to it.";
        imported.remark("", "LOG_NOT_READ", Level::Warning, message.to_owned());
    }
    for own in &schema.tables {
        check();
        let path = format!("/tables/{}", escaped(&own.name));
        if own.is_virtual {
            imported.remark(
                &path,
                "NOT_TAKEN",
                Level::Warning,
                "A virtual table, or one that serves it, is not taken.".to_owned(),
            );
            continue;
        }
        let table = table::table(own, &path, schema, options, &mut imported);
        imported.definition.tables.push(table);
    }
    views::add(schema, &mut imported);
    keep_triggers(schema, &mut imported);
    imported
}

/// Keeps the triggers as text: PostgreSQL's are functions.
fn keep_triggers(schema: &SqliteSchema, imported: &mut Imported) {
    for own in &schema.triggers {
        check();
        keep(imported, "triggers", &own.name, &own.sql);
        let message =
            format!("The trigger on {} is kept as text in a label: PostgreSQL's triggers call functions.", own.table);
        imported.remark(&format!("/triggers/{}", escaped(&own.name)), "NOT_TAKEN", Level::Warning, message);
    }
}

/// Keeps a text of SQLite in the labels.
fn keep(imported: &mut Imported, list: &str, name: &str, sql: &str) {
    let own = imported.definition.labels.entry(LABEL).or_insert_with(|| Value::Object(Map::new()));
    let Some(all) = own.as_object_mut() else { return };
    let list = all.entry(list).or_insert_with(|| Value::Object(Map::new()));
    if let Some(list) = list.as_object_mut() {
        list.insert(name.to_owned(), Value::String(sql.to_owned()));
    }
}
