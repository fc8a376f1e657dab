//! One rename, done to a whole model: wherever its document names the object. Finds nothing and prints nothing.

use serde_json::{Map, Value};

use crate::diff::rename::{name_of, rewritten, token_length};
use crate::diff::renames::{Rename, Renamed};
use crate::ident::{Name, ident, qualified};
use crate::model::{JsonError, Model, ObjectKey, ObjectKind};

/// Attributes that are SQL over the columns of the relation that they belong to.
const OVER_COLUMNS: &[&str] = &[
    "expression",
    "expressions",
    "predicate",
    "condition",
    "using",
    "with_check",
    "default",
    "generated",
    "partition_by",
    "row_filter",
];

/// Attributes that are names of columns.
const COLUMNS: &[&str] = &["column", "columns", "include", "update_of", "on_delete_columns"];

/// Attributes that are the user's own words, or names of other things.
const PLAIN: &[&str] = &["comment", "label", "name", "schema", "table", "value", "grantee", "grantor"];

pub fn model(model: &Model, rename: &Rename) -> Result<Model, JsonError> {
    let invalid = |error: serde_json::Error| JsonError::Invalid { path: "$".into(), message: error.to_string() };
    let mut value = serde_json::to_value(model).map_err(invalid)?;
    let rewriting = Rewriting { rename, relations: relations(model, &rename.key) };
    if let Value::Object(lists) = &mut value {
        for (list, objects) in lists.iter_mut() {
            rewriting.visit(Place { list, attribute: list, within: false }, objects);
        }
    }
    Model::from_value(value)
}

/// Returns the relation itself and those that inherit from it, whose columns and constraints go along.
fn relations(model: &Model, key: &ObjectKey) -> Vec<(Name, Name)> {
    let [schema, name, ..] = &*key.names else { return Vec::new() };
    let mut found = vec![(schema.clone(), name.clone())];
    let mut at = 0;
    while at < found.len() {
        let (schema, name) = found[at].clone();
        for table in &model.tables {
            let own = (table.schema.clone(), table.name.clone());
            if table.parents().any(|parent| parent.schema == schema && parent.name == name) && !found.contains(&own) {
                found.push(own);
            }
        }
        at += 1;
    }
    found
}

#[derive(Clone, Copy)]
struct Place<'a> {
    list: &'a str,
    attribute: &'a str,
    /// Inside what belongs to one of the relations.
    within: bool,
}

struct Rewriting<'a> {
    rename: &'a Rename,
    relations: Vec<(Name, Name)>,
}

impl Rewriting<'_> {
    fn visit(&self, place: Place<'_>, value: &mut Value) {
        match value {
            Value::Object(attributes) if attributes.contains_key("type") && attributes.contains_key("names") => {
                self.key(attributes);
            }
            Value::Object(attributes) => self.object(place, attributes),
            Value::Array(elements) => elements.iter_mut().for_each(|element| self.visit(place, element)),
            Value::String(text) => self.text(place, text),
            _ => {}
        }
    }

    fn object(&self, place: Place<'_>, attributes: &mut Map<String, Value>) {
        let within = self.belongs(place, attributes);
        let Rename { what, key, from, to } = self.rename;
        let is = |attributes: &Map<String, Value>, name: &str, wanted: &str| {
            attributes.get(name).and_then(Value::as_str) == Some(wanted)
        };
        let set = |attributes: &mut Map<String, Value>, name: &str| {
            attributes.insert(name.to_owned(), Value::String(to.to_string()));
        };
        match what {
            Renamed::Object | Renamed::Domain if is(attributes, "schema", &key.names[0]) => {
                let functions = callable(key.kind);
                let of_functions = matches!(place.list, "functions" | "aggregates") && place.attribute == place.list
                    || place.attribute == "function";
                if functions {
                    if of_functions && is(attributes, "name", from) && self.is_that_function(place, attributes) {
                        set(attributes, "name");
                    }
                } else if !of_functions {
                    if is(attributes, "name", from) && !attributes.contains_key("table") {
                        set(attributes, "name");
                    }
                    // An index has a table and a name of its own.
                    if key.kind == ObjectKind::Index && place.list == "indexes" && is(attributes, "name", from) {
                        set(attributes, "name");
                    }
                    if key.kind != ObjectKind::Index && is(attributes, "table", from) {
                        set(attributes, "table");
                    }
                }
            }
            Renamed::Child if place.attribute == place.list && within && is(attributes, "name", from) => {
                let list = match key.kind {
                    ObjectKind::TableConstraint => "constraints",
                    ObjectKind::Trigger => "triggers",
                    ObjectKind::Rule => "rules",
                    _ => "policies",
                };
                if place.list == list {
                    set(attributes, "name");
                }
            }
            // The index behind a constraint is what others are attached to.
            Renamed::Child
                if key.kind == ObjectKind::TableConstraint
                    && place.attribute == "attached_to"
                    && is(attributes, "schema", &key.names[0])
                    && is(attributes, "name", from) =>
            {
                set(attributes, "name");
            }
            Renamed::Column | Renamed::Attribute
                if place.within
                    && place.attribute == if *what == Renamed::Column { "columns" } else { "attributes" }
                    && is(attributes, "name", from) =>
            {
                set(attributes, "name");
            }
            _ => {}
        }
        for (name, value) in attributes.iter_mut() {
            self.visit(Place { attribute: name, within, ..place }, value);
        }
    }

    /// Returns whether an object, or a part of one, is or belongs to one of the relations.
    fn belongs(&self, place: Place<'_>, attributes: &Map<String, Value>) -> bool {
        let name = |attributes: &Map<String, Value>, name: &str| {
            attributes.get(name).and_then(Value::as_str).map(str::to_owned)
        };
        let known = |schema: Option<String>, relation: Option<String>| {
            self.relations.iter().any(|(s, r)| schema.as_deref() == Some(&**s) && relation.as_deref() == Some(&**r))
        };
        match attributes.get("table") {
            // A foreign key's columns are those of the other table.
            Some(Value::Object(table)) => known(name(table, "schema"), name(table, "name")),
            Some(_) => known(name(attributes, "schema"), name(attributes, "table")),
            None => match attributes.get("relation").and_then(|key| key.get("names")).and_then(Value::as_array) {
                Some(names) => known(
                    names.first().and_then(Value::as_str).map(str::to_owned),
                    names.get(1).and_then(Value::as_str).map(str::to_owned),
                ),
                None if attributes.contains_key("schema") && attributes.contains_key("name") => {
                    !matches!(place.list, "functions" | "aggregates")
                        && known(name(attributes, "schema"), name(attributes, "name"))
                }
                None => place.within,
            },
        }
    }

    /// Functions are told apart by the types of their arguments; where only a name is there, it has none.
    fn is_that_function(&self, place: Place<'_>, attributes: &Map<String, Value>) -> bool {
        let wanted = &self.rename.key.args;
        if place.attribute == "function" {
            return wanted.is_empty();
        }
        let arguments = attributes.get("arguments").and_then(Value::as_array);
        let inputs = arguments
            .into_iter()
            .flatten()
            .filter(|argument| !matches!(argument.get("mode").and_then(Value::as_str), Some("OUT" | "TABLE")));
        let types: Vec<Name> = inputs
            .filter_map(|argument| argument.get("data_type").and_then(Value::as_str))
            .map(|data_type| crate::model::type_address(&Name::from(data_type)))
            .collect();
        types[..] == wanted[..]
    }

    fn key(&self, attributes: &mut Map<String, Value>) {
        let Rename { what, key, from, to } = self.rename;
        let Some(own) = serde_json::from_value::<ObjectKey>(Value::Object(attributes.clone())).ok() else { return };
        let mut names = own.names.clone();
        match what {
            Renamed::Child if own.kind == key.kind && own.names[..] == key.names[..] => {
                if let Some(last) = names.last_mut() {
                    *last = to.clone();
                }
            }
            Renamed::Child
                if own.kind == ObjectKind::Index && own.names[..] == [key.names[0].clone(), from.clone()] =>
            {
                names[1] = to.clone();
            }
            Renamed::Column
                if names.len() == 3
                    && own.kind == ObjectKind::DefaultValue
                    && names[..2] == key.names[..2]
                    && names[2] == *from =>
            {
                names[2] = to.clone();
            }
            Renamed::Object | Renamed::Domain
                if names.len() >= 2
                    && names[..2] == key.names[..2]
                    && callable(key.kind) == callable(own.kind)
                    && (!callable(key.kind) || own.args == key.args) =>
            {
                names[1] = to.clone();
            }
            _ => {}
        }
        let args: Vec<Value> = own.args.iter().map(|arg| Value::String(self.sql(arg))).collect();
        attributes.insert("names".into(), names.iter().map(|name| Value::String(name.to_string())).collect());
        if !args.is_empty() {
            attributes.insert("args".into(), Value::Array(args));
        }
    }

    fn text(&self, place: Place<'_>, text: &mut String) {
        let Rename { what, from, to, .. } = self.rename;
        match what {
            Renamed::Column if place.within && COLUMNS.contains(&place.attribute) && **text == **from => {
                *text = to.to_string();
            }
            Renamed::Column if place.within && OVER_COLUMNS.contains(&place.attribute) => {
                *text = self.over_columns(text)
            }
            Renamed::Label if place.attribute == "enum_labels" && place.within && **text == **from => {
                *text = to.to_string();
            }
            Renamed::Object | Renamed::Domain | Renamed::Label
                if !PLAIN.contains(&place.attribute)
                    && !COLUMNS.contains(&place.attribute)
                    // A body in quotes is the user's own text, which the server leaves as it is.
                    && (place.attribute != "definition" || place.list != "functions")
                    && text.contains(&*self.rename.key.names[1]) =>
            {
                *text = self.sql(text);
            }
            _ => {}
        }
    }

    /// Renames a column where it stands by itself: qualified by nothing but OLD and NEW, and no function or type.
    fn over_columns(&self, text: &str) -> String {
        let Rename { from, to, .. } = self.rename;
        rewritten(text, &|token, before, after| {
            let qualified = before.ends_with('.') && !["old.", "new."].iter().any(|row| before.ends_with(row));
            let named = !token.starts_with('\'') && *name_of(token) == **from;
            let column = named && !qualified && !before.ends_with("::") && !after.starts_with(['(', '.']);
            column.then(|| (ident(to), 0))
        })
    }

    /// Renames an object where SQL qualifies it, and a label where a literal is of its type.
    fn sql(&self, text: &str) -> String {
        let Rename { what, key, from, to } = self.rename;
        let (schema, name) = (&key.names[0], &key.names[1]);
        rewritten(text, &|token, before, after| {
            if token.starts_with('\'') && token.len() > 2 {
                let inner = &token[1..token.len() - 1];
                if *what == Renamed::Label {
                    let of_type = after.strip_prefix("::").is_some_and(|rest| {
                        rest.strip_prefix(&*qualified(schema, name))
                            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
                    });
                    return (of_type && inner.replace("''", "'") == **from)
                        .then(|| (format!("'{}'", to.replace('\'', "''")), 0));
                }
                return after.starts_with("::reg").then(|| (format!("'{}'", self.sql(inner)), 0));
            }
            if *what == Renamed::Label || before.ends_with('.') || name_of(token) != **schema {
                return None;
            }
            let rest = after.strip_prefix('.')?;
            let length = token_length(rest, "")?;
            let called = rest[length..].starts_with('(');
            (name_of(&rest[..length]) == **name && called == callable(key.kind))
                .then(|| (qualified(schema, to), 1 + length))
        })
    }
}

/// Returns whether calls of it look like `f(…)`, and arguments tell it from others of its name.
fn callable(kind: ObjectKind) -> bool {
    matches!(kind, ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate)
}
