//! Keys, checks and foreign keys of tables.

use pgmeta_core::ident::Name;
use pgmeta_core::interrupt::check;
use pgmeta_core::model::ForeignKeyAction;

use super::catalog::{SqliteColumn, SqliteForeignKey, SqliteOrigin, SqliteSchema};
use super::expression::{Form, translated};
use super::options::SqliteOptions;
use super::statement::{ForeignKeyText, written};
use super::table::Source;
use crate::column::{ColumnDefinition, IdentityWord};
use crate::constraint::{CheckDefinition, ForeignKeyDefinition, FullCheck, FullKey, KeyDefinition, Reference, Word};
use crate::import::Imported;
use crate::table::TableDefinition;
use crate::validate::Level;

/// Adds the primary key, and the unique constraints.
pub fn add_key(source: &Source<'_>, options: &SqliteOptions, table: &mut TableDefinition, imported: &mut Imported) {
    let mut key: Vec<&SqliteColumn> = source.table.columns.iter().filter(|own| own.key_position > 0).collect();
    key.sort_by_key(|own| own.key_position);
    for own in key.iter().filter(|own| !own.not_null && !source.is_rowid(own) && !source.text.without_rowid) {
        let message = "SQLite lets this column of the primary key be null, PostgreSQL does not.".to_owned();
        imported.remark(&source.column_path(&own.name), "NULL_IN_KEY", Level::Warning, message);
    }
    let columns: Vec<Name> = key.iter().map(|own| own.name.as_str().into()).collect();
    let name = source.text.key_name.as_deref().map(Name::from);
    match (&*columns, name) {
        ([], _) => add_rowid(source, options, table, imported),
        ([only], None) => {
            table.columns.iter_mut().filter(|own| own.name == *only).for_each(|own| own.primary_key = true)
        }
        (_, name) => table.primary_key = Some(KeyDefinition(FullKey { columns, name, ..FullKey::default() })),
    }
    for index in source.table.indexes.iter().filter(|index| index.origin == SqliteOrigin::Unique) {
        let names: Vec<&str> = index.columns.iter().filter_map(|own| own.name.as_deref()).collect();
        let is_same = |(_, own): &&(String, Vec<String>)| {
            own.len() == names.len() && own.iter().zip(&names).all(|(one, other)| one.eq_ignore_ascii_case(other))
        };
        let name = source.text.unique_names.iter().find(is_same).map(|(name, _)| name.as_str().into());
        let columns = names.iter().map(|name| Name::from(*name)).collect();
        table.unique.push(KeyDefinition(FullKey { columns, name, ..FullKey::default() }));
    }
}

/// Adds a column for the undeclared number of rows, if the caller wants one.
fn add_rowid(source: &Source<'_>, options: &SqliteOptions, table: &mut TableDefinition, imported: &mut Imported) {
    let message = match &options.rowid {
        Some(name) if !table.columns.iter().any(|own| *own.name == **name) => {
            let column = ColumnDefinition {
                name: name.as_str().into(),
                r#type: "bigint".into(),
                primary_key: true,
                identity: Some(IdentityWord::ByDefault),
                ..ColumnDefinition::default()
            };
            table.columns.insert(0, column);
            format!("The table has no primary key; column {name} is the number of its rows.")
        }
        Some(name) => format!("The table has no primary key; none is made, because it has a column {name}."),
        None => "The table has no primary key; none is made. Its rows have numbers that no column has.".to_owned(),
    };
    imported.remark(&source.path, "MISSING_PRIMARY_KEY", Level::Warning, message);
}

/// Adds the checks that PostgreSQL reads alike.
pub fn add_checks(source: &Source<'_>, table: &mut TableDefinition, imported: &mut Imported) {
    for own in &source.text.checks {
        match translated(&own.tokens, &source.scope, Form::Expression) {
            Ok(expression) => {
                let name = own.name.as_deref().map(Name::from);
                table.checks.push(CheckDefinition(FullCheck { expression, name, ..FullCheck::default() }));
            }
            Err(part) => {
                let check = written(&source.table.sql, &own.tokens);
                let message =
                    format!("CHECK ({check}) is not taken: PostgreSQL does not read {part} in it as SQLite does.");
                imported.remark(&source.path, "NOT_TAKEN", Level::Warning, message);
            }
        }
    }
}

/// Adds the foreign keys.
pub fn add_foreign_keys(
    source: &Source<'_>,
    schema: &SqliteSchema,
    options: &SqliteOptions,
    table: &mut TableDefinition,
    imported: &mut Imported,
) {
    let all = &source.table.foreign_keys;
    if all.is_empty() {
        return;
    }
    let message = if options.foreign_keys {
        "SQLite enforces foreign keys only in sessions that ask for it; PostgreSQL always does."
    } else {
        "Foreign keys are not taken, as the option says."
    };
    imported.remark(&source.path, "FOREIGN_KEYS_NOT_ENFORCED", Level::Info, message.to_owned());
    if !options.foreign_keys {
        return;
    }
    if source.table.rows_not_checked {
        let message =
            "The rows are not checked: the table has a VIRTUAL column, whose expression each would run.".to_owned();
        imported.remark(&source.path, "ROWS_NOT_CHECKED", Level::Warning, message);
    }
    // The library does not tell which is which: both have the order of the statement.
    let texts: &[ForeignKeyText] =
        if source.text.foreign_keys.len() == all.len() { &source.text.foreign_keys } else { &[] };
    for (at, own) in all.iter().enumerate() {
        let text = texts.get(at).cloned().unwrap_or_default();
        match foreign_key(own, text, schema) {
            Ok(key) => table.foreign_keys.push(key),
            Err(message) => imported.remark(&source.path, "FOREIGN_KEY_ERROR", Level::Error, message),
        }
        if own.violations > 0 {
            let message = format!("{} rows refer to no row of {}.", own.violations, own.table);
            imported.remark(&source.path, "FOREIGN_KEY_ERROR", Level::Error, message);
        }
    }
}

fn foreign_key(
    own: &SqliteForeignKey,
    text: ForeignKeyText,
    schema: &SqliteSchema,
) -> Result<ForeignKeyDefinition, String> {
    let Some(target) = schema
        .tables
        .iter()
        .inspect(|_| check())
        .find(|table| table.name.eq_ignore_ascii_case(&own.table) && !table.is_virtual)
    else {
        return Err(format!("Table {} does not exist; the foreign key is not taken.", own.table));
    };
    let column = |name: &String| {
        let found = target.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name));
        found.map(|column| Name::from(column.name.as_str()))
    };
    let columns: Option<Vec<Name>> = own.references.iter().map(column).collect();
    let Some(columns) = columns else {
        return Err(format!(
            "Table {} has no columns {}; the foreign key is not taken.",
            own.table,
            own.references.join(", ")
        ));
    };
    let key = target.columns.iter().filter(|column| column.key_position > 0).count();
    let expected = if columns.is_empty() { key } else { columns.len() };
    if expected != own.columns.len() {
        let count = own.columns.len();
        return Err(format!(
            "{count} columns refer to {expected} of table {}; the foreign key is not taken.",
            own.table
        ));
    }
    let (on_update, on_delete) = (action(&own.on_update)?, action(&own.on_delete)?);
    Ok(ForeignKeyDefinition {
        columns: own.columns.iter().map(|name| name.as_str().into()).collect(),
        references: Reference { table: target.name.as_str().into(), columns, ..Reference::default() },
        name: text.name.as_deref().map(Name::from),
        on_update,
        on_delete,
        deferrable: text.deferrable,
        initially_deferred: text.initially_deferred,
        ..ForeignKeyDefinition::default()
    })
}

fn action(word: &str) -> Result<Word<ForeignKeyAction>, String> {
    serde_json::from_value(word.into()).map_err(|_| format!("Action {word} is unknown; the foreign key is not taken."))
}
