//! The documents of schema builders: tables, columns and foreign keys with ids, keys in camelCase, 13 types.

mod column;
mod default;

use pgmeta_core::ident::Name;
use pgmeta_core::interrupt::check;
use pgmeta_core::model::ForeignKeyAction;
use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

use super::keys::Keys;
use crate::constraint::{ForeignKeyDefinition, FullKey, KeyDefinition, Reference, Word};
use crate::definition::Definition;
use crate::import::{ImportError, Imported};
use crate::index::{FullIndexColumn, IndexColumnDefinition, IndexDefinition};
use crate::table::TableDefinition;
use crate::validate::Level;

/// The tables by their ids: names and places in the definition; and the names of columns by the ids of both.
#[derive(Default)]
struct Ids {
    tables: FxHashMap<String, (Name, usize)>,
    columns: FxHashMap<(String, String), Name>,
}

/// Reads a builder's document.
pub fn from_builder(document: &Value) -> Result<Imported, ImportError> {
    if !document.is_object() {
        return Err(ImportError { format: "builder", message: "expected a JSON object".to_owned() });
    }
    let mut imported = Imported::default();
    let mut keys = Keys::of(document, String::new());
    imported.definition = Definition {
        name: keys.text("name").map(str::to_owned),
        description: keys.text("description").map(str::to_owned),
        labels: labels(&mut keys, &["id", "databaseName", "status", "version", "createdAt", "updatedAt"]),
        ..Definition::default()
    };
    let (tables, foreign_keys) = (keys.list("tables"), keys.list("foreignKeys"));
    keys.report(&mut imported);
    let mut ids = Ids::default();
    for (path, own) in tables {
        check();
        let table = table(Keys::of(own, path), &mut ids, &mut imported);
        imported.definition.tables.push(table);
    }
    for (path, own) in foreign_keys {
        check();
        add_foreign_key(Keys::of(own, path), &ids, &mut imported);
    }
    Ok(imported)
}

fn labels<'v>(keys: &mut Keys<'v>, names: &[&'v str]) -> Map<String, Value> {
    names.iter().filter_map(|key| Some(((*key).to_owned(), keys.find(key, Some)?.clone()))).collect()
}

/// Returns the name of an object; a missing one is reported.
fn name(keys: &mut Keys<'_>, imported: &mut Imported) -> Name {
    match keys.text("name") {
        Some(name) => name.into(),
        None => {
            imported.remark(&keys.path, "MISSING_REQUIRED_FIELD", Level::Error, "It has no name.".to_owned());
            Name::default()
        }
    }
}

/// Returns the comment, which has one of two keys.
fn comment(keys: &mut Keys<'_>) -> Option<String> {
    keys.text("comment").or_else(|| keys.text("description")).map(str::to_owned)
}

fn table(mut keys: Keys<'_>, ids: &mut Ids, imported: &mut Imported) -> TableDefinition {
    let name = name(&mut keys, imported);
    let id = keys.text("id").unwrap_or(&name).to_owned();
    ids.tables.insert(id.clone(), (name.clone(), imported.definition.tables.len()));
    let mut table = TableDefinition {
        name,
        comment: comment(&mut keys),
        labels: labels(&mut keys, &["id"]),
        position: keys.find("position", Value::as_object).cloned().unwrap_or_default(),
        ..TableDefinition::default()
    };
    let (columns, indexes) = (keys.list("columns"), keys.list("indexes"));
    keys.report(imported);
    let mut key: Vec<Name> = Vec::new();
    for (path, own) in columns {
        check();
        let mut own = Keys::of(own, path);
        let (column, in_key) = column::column(&mut own, imported);
        let column_id = own.text("id").unwrap_or(&column.name).to_owned();
        ids.columns.insert((id.clone(), column_id), column.name.clone());
        key.extend(in_key.then(|| column.name.clone()));
        table.columns.push(column);
    }
    match &*key {
        [] => {
            let message = format!("Table {} has no primary key; none is made.", table.name);
            imported.remark(&keys.path, "MISSING_PRIMARY_KEY", Level::Warning, message);
        }
        [only] => table.columns.iter_mut().filter(|own| own.name == *only).for_each(|own| own.primary_key = true),
        _ => table.primary_key = Some(KeyDefinition(FullKey { columns: key, ..FullKey::default() })),
    }
    for (path, own) in indexes {
        check();
        table.indexes.extend(index(Keys::of(own, path), &id, ids, imported));
    }
    table
}

/// Returns an index of a table. Its columns are named, or have their ids.
fn index(mut keys: Keys<'_>, table: &str, ids: &Ids, imported: &mut Imported) -> Option<IndexDefinition> {
    let (name, unique) = (keys.text("name").map(Name::from), keys.flag("unique").unwrap_or(false));
    let mut columns = Vec::new();
    for (path, own) in keys.list("columns") {
        check();
        let Some(word) = own.as_str() else {
            imported.remark(&path, "UNKNOWN_WORD", Level::Error, "It is no column; it is left out.".to_owned());
            continue;
        };
        let known = ids.columns.get(&(table.to_owned(), word.to_owned()));
        let column = Some(known.cloned().unwrap_or_else(|| word.into()));
        columns.push(IndexColumnDefinition(FullIndexColumn { column, ..FullIndexColumn::default() }));
    }
    keys.report(imported);
    if columns.is_empty() {
        let message = "The index has no columns; it is left out.".to_owned();
        imported.remark(&keys.path, "MISSING_REQUIRED_FIELD", Level::Error, message);
        return None;
    }
    Some(IndexDefinition { columns, name, unique, ..IndexDefinition::default() })
}

fn add_foreign_key(mut keys: Keys<'_>, ids: &Ids, imported: &mut Imported) {
    let mut end = |table: &'static str, column: &'static str| {
        let (table, column) = (keys.text(table).unwrap_or_default(), keys.text(column).unwrap_or_default());
        let found = ids.tables.get(table).zip(ids.columns.get(&(table.to_owned(), column.to_owned())));
        if found.is_none() {
            let message =
                format!("It refers to column \"{column}\" of table \"{table}\", which is not there; it is left out.");
            imported.remark(&keys.path, "FOREIGN_KEY_ERROR", Level::Error, message);
        }
        found
    };
    let (source, target) = (end("sourceTableId", "sourceColumnId"), end("targetTableId", "targetColumnId"));
    let (Some(((_, at), column)), Some(((target, _), target_column))) = (source, target) else { return };
    let mut action = |key: &'static str| {
        let word = keys.text(key).map(|word| word.to_ascii_uppercase().replace('_', " "));
        match word.as_deref() {
            None | Some("NO ACTION") => ForeignKeyAction::NoAction,
            Some("CASCADE") => ForeignKeyAction::Cascade,
            Some("RESTRICT") => ForeignKeyAction::Restrict,
            Some("SET NULL") => ForeignKeyAction::SetNull,
            Some("SET DEFAULT") => ForeignKeyAction::SetDefault,
            Some(word) => {
                let message = format!("Action \"{word}\" is unknown; there is none.");
                imported.remark(&format!("{}/{key}", keys.path), "UNKNOWN_WORD", Level::Error, message);
                ForeignKeyAction::NoAction
            }
        }
    };
    let (on_update, on_delete) = (Word(action("onUpdate")), Word(action("onDelete")));
    let key = ForeignKeyDefinition {
        columns: vec![column.clone()],
        references: Reference { table: target.clone(), columns: vec![target_column.clone()], schema: None },
        name: keys.text("name").map(Name::from),
        on_update,
        on_delete,
        ..ForeignKeyDefinition::default()
    };
    keys.report(imported);
    if let Some(table) = imported.definition.tables.get_mut(*at) {
        table.foreign_keys.push(key);
    }
}
