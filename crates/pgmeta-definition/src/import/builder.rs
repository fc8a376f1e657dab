//! The documents of schema builders: tables, columns and foreign keys with ids, keys in camelCase, 13 types.

use pgmeta_core::ident::{Name, literal};
use pgmeta_core::interrupt::check;
use pgmeta_core::model::ForeignKeyAction;
use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

use crate::column::{ColumnDefinition, IdentityWord};
use crate::constraint::{ForeignKeyDefinition, FullKey, KeyDefinition, Reference, Word};
use crate::definition::Definition;
use crate::expression::Expression;
use crate::import::{ImportError, Imported, elements, text};
use crate::index::{FullIndexColumn, IndexColumnDefinition, IndexDefinition};
use crate::table::TableDefinition;
use crate::validate::Level;

/// The names of tables and columns by their ids.
#[derive(Default)]
struct Ids {
    tables: FxHashMap<String, Name>,
    columns: FxHashMap<(String, String), Name>,
}

/// Reads a builder's document.
pub fn from_builder(document: &Value) -> Result<Imported, ImportError> {
    const KNOWN: [&str; 10] = [
        "id",
        "name",
        "description",
        "databaseName",
        "status",
        "tables",
        "foreignKeys",
        "version",
        "createdAt",
        "updatedAt",
    ];
    if !document.is_object() {
        return Err(ImportError { format: "builder", message: "expected a JSON object".to_owned() });
    }
    let mut imported = Imported::default();
    imported.report_other_keys(document, "", &KNOWN);
    imported.definition = Definition {
        name: text(document, "name").map(str::to_owned),
        description: text(document, "description").map(str::to_owned),
        labels: labels(document, &["id", "databaseName", "status", "version", "createdAt", "updatedAt"]),
        ..Definition::default()
    };
    let mut ids = Ids::default();
    for (path, own) in elements(document, "tables", "") {
        check();
        let table = table(own, &path, &mut ids, &mut imported);
        imported.definition.tables.push(table);
    }
    for (path, own) in elements(document, "foreignKeys", "") {
        check();
        add_foreign_key(own, &path, &ids, &mut imported);
    }
    Ok(imported)
}

fn labels(own: &Value, keys: &[&str]) -> Map<String, Value> {
    keys.iter().filter_map(|key| Some(((*key).to_owned(), own.get(*key)?.clone()))).collect()
}

/// Returns the name of an object; a missing one is reported.
fn name(own: &Value, path: &str, imported: &mut Imported) -> Name {
    match text(own, "name") {
        Some(name) => name.into(),
        None => {
            imported.remark(path, "MISSING_REQUIRED_FIELD", Level::Error, "It has no name.".to_owned());
            Name::default()
        }
    }
}

fn table(own: &Value, path: &str, ids: &mut Ids, imported: &mut Imported) -> TableDefinition {
    imported.report_other_keys(own, path, &["id", "name", "columns", "position", "indexes", "description", "comment"]);
    let name = name(own, path, imported);
    let id = text(own, "id").unwrap_or(&name).to_owned();
    ids.tables.insert(id.clone(), name.clone());
    let mut table = TableDefinition {
        name,
        comment: text(own, "comment").or_else(|| text(own, "description")).map(str::to_owned),
        labels: labels(own, &["id"]),
        position: own.get("position").and_then(Value::as_object).cloned().unwrap_or_default(),
        ..TableDefinition::default()
    };
    let mut key: Vec<Name> = Vec::new();
    for (path, it) in elements(own, "columns", path) {
        let (column, in_key) = column(it, &path, imported);
        let column_id = text(it, "id").unwrap_or(&column.name).to_owned();
        ids.columns.insert((id.clone(), column_id), column.name.clone());
        key.extend(in_key.then(|| column.name.clone()));
        table.columns.push(column);
    }
    match &*key {
        [] => {
            let message = format!("Table {} has no primary key; none is made.", table.name);
            imported.remark(path, "MISSING_PRIMARY_KEY", Level::Warning, message);
        }
        [only] => table.columns.iter_mut().filter(|own| own.name == *only).for_each(|own| own.primary_key = true),
        _ => table.primary_key = Some(KeyDefinition(FullKey { columns: key, ..FullKey::default() })),
    }
    for (path, it) in elements(own, "indexes", path) {
        imported.report_other_keys(it, &path, &["id", "name", "columns", "unique"]);
        // Columns are named, or have their ids.
        let column = |column: &Value| {
            let word = column.as_str()?;
            let known = ids.columns.get(&(id.clone(), word.to_owned()));
            Some(known.cloned().unwrap_or_else(|| word.into()))
        };
        let columns = it.get("columns").and_then(Value::as_array).into_iter().flatten().filter_map(column);
        let column = |name| IndexColumnDefinition(FullIndexColumn { column: Some(name), ..FullIndexColumn::default() });
        table.indexes.push(IndexDefinition {
            columns: columns.map(column).collect(),
            name: text(it, "name").map(Name::from),
            unique: it.get("unique").and_then(Value::as_bool).unwrap_or(false),
            ..IndexDefinition::default()
        });
    }
    table
}

/// Returns a column, and whether it is in the primary key.
fn column(own: &Value, path: &str, imported: &mut Imported) -> (ColumnDefinition, bool) {
    const KNOWN: [&str; 13] = [
        "id",
        "name",
        "dataType",
        "length",
        "precision",
        "scale",
        "nullable",
        "primaryKey",
        "autoIncrement",
        "defaultValue",
        "unique",
        "comment",
        "description",
    ];
    imported.report_other_keys(own, path, &KNOWN);
    let flag = |key: &str| own.get(key).and_then(Value::as_bool);
    let in_key = flag("primaryKey").unwrap_or(false);
    let name = name(own, path, imported);
    let data_type = data_type(own, path, imported);
    let is_text = data_type.starts_with("character varying") || data_type == "text";
    if flag("nullable").is_none() && !in_key {
        let message = format!("Whether column {name} may be null is not said; it may.");
        imported.remark(path, "NULLABILITY_NOT_SAID", Level::Info, message);
    }
    let is_counted = flag("autoIncrement").unwrap_or(false);
    let column = ColumnDefinition {
        name,
        r#type: data_type.into(),
        nullable: in_key || is_counted || flag("nullable").unwrap_or(true),
        default: if is_counted { None } else { default(own, is_text) },
        unique: flag("unique").unwrap_or(false) && !in_key,
        identity: is_counted.then_some(IdentityWord::ByDefault),
        comment: text(own, "comment").or_else(|| text(own, "description")).map(str::to_owned),
        labels: labels(own, &["id"]),
        ..ColumnDefinition::default()
    };
    (column, in_key)
}

/// Returns the type of a column. What its length or precision would be by habit is reported, and not made.
fn data_type(own: &Value, path: &str, imported: &mut Imported) -> String {
    let number = |key: &str| own.get(key).and_then(Value::as_u64).filter(|number| *number > 0);
    let word = text(own, "dataType").unwrap_or_default().to_ascii_uppercase();
    let path = format!("{path}/dataType");
    let mut remark = |code, level, message: &str| imported.remark(&path, code, level, message.to_owned());
    match &*word {
        "INT" | "INTEGER" => "integer".to_owned(),
        "BIGINT" => "bigint".to_owned(),
        "VARCHAR" => match number("length") {
            Some(length) => format!("character varying({length})"),
            None => {
                remark("LENGTH_NOT_SAID", Level::Info, "The length of VARCHAR is not said; it has no limit.");
                "character varying".to_owned()
            }
        },
        "TEXT" => "text".to_owned(),
        "BOOLEAN" => "boolean".to_owned(),
        "TIMESTAMP" => {
            remark("TIME_ZONE_NOT_SAID", Level::Info, "TIMESTAMP says nothing of a time zone; the column has none.");
            "timestamp without time zone".to_owned()
        }
        "DATE" => "date".to_owned(),
        "TIME" => "time without time zone".to_owned(),
        "DECIMAL" => match (number("precision"), own.get("scale").and_then(Value::as_u64)) {
            (Some(precision), Some(scale)) => format!("numeric({precision},{scale})"),
            (Some(precision), None) => format!("numeric({precision},0)"),
            (None, _) => {
                remark("LENGTH_NOT_SAID", Level::Info, "The precision of DECIMAL is not said; it has no limit.");
                "numeric".to_owned()
            }
        },
        "FLOAT" => "real".to_owned(),
        "DOUBLE" => "double precision".to_owned(),
        "JSON" => "jsonb".to_owned(),
        "UUID" => "uuid".to_owned(),
        _ => {
            let message = format!("Type \"{word}\" is none of a builder; it stays as it is written.");
            imported.remark(&path, "UNSUPPORTED_DATA_TYPE", Level::Error, message);
            text(own, "dataType").unwrap_or("text").to_owned()
        }
    }
}

/// Returns a default as an expression. Any word but a number, a boolean or a function is a text.
fn default(own: &Value, is_text: bool) -> Option<Expression> {
    const FUNCTIONS: [&str; 6] =
        ["CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME", "NOW()", "GEN_RANDOM_UUID()", "NULL"];
    let text = match own.get("defaultValue")? {
        Value::Null => return None,
        Value::String(text) => text.clone(),
        other => return Some(Expression(other.to_string())),
    };
    let upper = text.to_ascii_uppercase();
    let is_quoted = text.len() > 1 && text.starts_with('\'') && text.ends_with('\'');
    let is_plain = text.parse::<f64>().is_ok() || matches!(&*upper, "TRUE" | "FALSE");
    let is_expression = is_quoted || FUNCTIONS.contains(&&*upper) || (is_plain && !is_text);
    Some(Expression(if is_expression { text } else { literal(&text) }))
}

fn add_foreign_key(own: &Value, path: &str, ids: &Ids, imported: &mut Imported) {
    const KNOWN: [&str; 8] =
        ["id", "name", "sourceTableId", "sourceColumnId", "targetTableId", "targetColumnId", "onDelete", "onUpdate"];
    imported.report_other_keys(own, path, &KNOWN);
    let mut end = |table: &str, column: &str| {
        let (table, column) = (text(own, table).unwrap_or_default(), text(own, column).unwrap_or_default());
        let found = ids.tables.get(table).zip(ids.columns.get(&(table.to_owned(), column.to_owned())));
        if found.is_none() {
            let message =
                format!("It refers to column \"{column}\" of table \"{table}\", which is not there; it is left out.");
            imported.remark(path, "FOREIGN_KEY_ERROR", Level::Error, message);
        }
        found
    };
    let (source, target) = (end("sourceTableId", "sourceColumnId"), end("targetTableId", "targetColumnId"));
    let (Some((table, column)), Some((target, target_column))) = (source, target) else { return };
    let mut action = |key: &str| match text(own, key).map(|word| word.to_ascii_uppercase().replace('_', " ")).as_deref()
    {
        None | Some("NO ACTION") => ForeignKeyAction::NoAction,
        Some("CASCADE") => ForeignKeyAction::Cascade,
        Some("RESTRICT") => ForeignKeyAction::Restrict,
        Some("SET NULL") => ForeignKeyAction::SetNull,
        Some("SET DEFAULT") => ForeignKeyAction::SetDefault,
        Some(word) => {
            let message = format!("Action \"{word}\" is unknown; there is none.");
            imported.remark(&format!("{path}/{key}"), "UNKNOWN_WORD", Level::Error, message);
            ForeignKeyAction::NoAction
        }
    };
    let key = ForeignKeyDefinition {
        columns: vec![column.clone()],
        references: Reference { table: target.clone(), columns: vec![target_column.clone()], schema: None },
        name: text(own, "name").map(Name::from),
        on_update: Word(action("onUpdate")),
        on_delete: Word(action("onDelete")),
        ..ForeignKeyDefinition::default()
    };
    let mut tables = imported.definition.tables.iter_mut();
    if let Some(table) = tables.find(|own| own.name == *table) {
        table.foreign_keys.push(key);
    }
}
