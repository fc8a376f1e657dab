//! Applies the renames of one kind to a whole model: wherever its document names the objects. Finds nothing and prints nothing.

use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

use crate::diff::relocate::{name_of, named, rewritten, token_length};
use crate::diff::renames::known::{Known, Relation};
use crate::diff::renames::{Rename, Renamed, is_callable};
use crate::ident::{Name, ident, qualified};
use crate::interrupt::check;
use crate::model::fields::{TextKind, is_sql, text_kind};
use crate::model::{JsonError, Model, ObjectKey, ObjectKind};

/// Applies the renames of one kind.
pub fn model(model: &Model, renames: &[Rename]) -> Result<Model, JsonError> {
    let Some(first) = renames.first() else { return Ok(model.clone()) };
    let invalid = |error: serde_json::Error| JsonError::Invalid { path: "$".into(), message: error.to_string() };
    let mut value = serde_json::to_value(model).map_err(invalid)?;
    let rewriting = Rewriting { what: first.what, known: Known::of(model, renames) };
    if let Value::Object(lists) = &mut value {
        for (list, objects) in lists.iter_mut() {
            rewriting.visit(Place { list, attribute: list, within: None }, objects);
        }
    }
    Model::from_value(value)
}

#[derive(Clone, Copy)]
struct Place<'a> {
    list: &'a str,
    attribute: &'a str,
    /// The relation of the value, if a part of it is renamed.
    within: Option<Relation<'a>>,
}

struct Rewriting<'a> {
    what: Renamed,
    known: Known<'a>,
}

fn string<'v>(attributes: &'v Map<String, Value>, name: &str) -> Option<&'v str> {
    attributes.get(name).and_then(Value::as_str)
}

fn set(attributes: &mut Map<String, Value>, name: &str, to: Option<&Name>) {
    if let Some(to) = to {
        attributes.insert(name.to_owned(), Value::String(to.to_string()));
    }
}

impl<'a> Rewriting<'a> {
    fn visit(&self, place: Place<'_>, value: &mut Value) {
        check();
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
        let within = self.relation_of(place, attributes);
        match self.what {
            Renamed::Object | Renamed::Domain => self.name_of_object(place, attributes),
            Renamed::Child => {
                let (schema, name) = (string(attributes, "schema"), string(attributes, "name"));
                let (Some(schema), Some(name)) = (schema, name) else {
                    return self.attributes(place, within, attributes);
                };
                let to = if place.attribute == place.list {
                    within.and_then(|relation| self.known.part(relation, place.list, name))
                } else if place.attribute == "attached_to" {
                    // Attached indexes refer to the index of a constraint.
                    self.known.constraint(schema, name)
                } else {
                    None
                };
                set(attributes, "name", to);
            }
            Renamed::Column | Renamed::Attribute => {
                let list = if self.what == Renamed::Column { "columns" } else { "attributes" };
                if let (Some(relation), Some(name)) = (place.within, string(attributes, "name"))
                    && place.attribute == list
                {
                    let to = self.known.part(relation, "", name);
                    set(attributes, "name", to);
                }
            }
            Renamed::Label | Renamed::Schema => {}
        }
        self.attributes(place, within, attributes);
    }

    fn attributes(&self, place: Place<'_>, within: Option<Relation<'a>>, attributes: &mut Map<String, Value>) {
        for (name, value) in attributes.iter_mut() {
            self.visit(Place { attribute: name, within, ..place }, value);
        }
    }

    fn name_of_object(&self, place: Place<'_>, attributes: &mut Map<String, Value>) {
        let Some(schema) = string(attributes, "schema") else { return };
        let own = string(attributes, "name");
        let of_functions = matches!(place.list, "functions" | "aggregates") && place.attribute == place.list
            || place.attribute == "function";
        if of_functions {
            let to = own.and_then(|name| self.known.function(schema, name, &inputs(place, attributes)));
            set(attributes, "name", to);
            return;
        }
        let table = string(attributes, "table").and_then(|table| self.known.table(schema, table));
        // An index has its table and its own name.
        let name = own.and_then(|name| match attributes.contains_key("table") {
            false => self.known.object(schema, name),
            true if place.list == "indexes" => self.known.index(schema, name),
            true => None,
        });
        set(attributes, "name", name);
        set(attributes, "table", table);
    }

    /// Returns the relation that an object or part is or belongs to.
    fn relation_of(&self, place: Place<'_>, attributes: &Map<String, Value>) -> Option<Relation<'a>> {
        let known = |schema: Option<&str>, relation: Option<&str>| self.known.relation(schema?, relation?);
        match attributes.get("table") {
            // The columns in a foreign key are those of the other table.
            Some(Value::Object(table)) => known(string(table, "schema"), string(table, "name")),
            Some(_) => known(string(attributes, "schema"), string(attributes, "table")),
            None => match attributes.get("relation").and_then(|key| key.get("names")).and_then(Value::as_array) {
                Some(names) => known(names.first().and_then(Value::as_str), names.get(1).and_then(Value::as_str)),
                None if attributes.contains_key("schema") && attributes.contains_key("name") => {
                    if matches!(place.list, "functions" | "aggregates") {
                        return None;
                    }
                    known(string(attributes, "schema"), string(attributes, "name"))
                }
                None => place.within.and_then(|(schema, name)| known(Some(schema), Some(name))),
            },
        }
    }

    fn key(&self, attributes: &mut Map<String, Value>) {
        let Some(mut own) = serde_json::from_value::<ObjectKey>(Value::Object(attributes.clone())).ok() else { return };
        let of_objects = matches!(self.what, Renamed::Object | Renamed::Domain);
        // The key contains a type in place of a name.
        if of_objects && matches!(own.kind, ObjectKind::Cast | ObjectKind::Transform) {
            own.names_mut().iter_mut().for_each(|name| *name = Name::from(self.sql(None, name)));
            attributes.insert("names".into(), own.names.iter().map(|name| Value::String(name.to_string())).collect());
        }
        let to = match (self.what, &*own.names) {
            (Renamed::Child, _) => self.known.child(&own),
            (Renamed::Column, [schema, table, column]) if own.kind == ObjectKind::DefaultValue => {
                self.known.relation(schema, table).and_then(|relation| self.known.part(relation, "", column))
            }
            (Renamed::Object | Renamed::Domain, [schema, name, ..]) => {
                if is_callable(own.kind) {
                    self.known.function(schema, name, &own.args)
                } else {
                    self.known.object(schema, name)
                }
            }
            _ => None,
        };
        let at = if of_objects { 1 } else { own.names.len().saturating_sub(1) };
        if let (Some(name), Some(to)) = (own.names_mut().get_mut(at), to) {
            *name = to.clone();
            attributes.insert("names".into(), own.names.iter().map(|name| Value::String(name.to_string())).collect());
        }
        if of_objects && !own.args.is_empty() {
            let args: Vec<Value> = own.args.iter().map(|arg| Value::String(self.sql(None, arg))).collect();
            attributes.insert("args".into(), Value::Array(args));
        }
    }

    fn text(&self, place: Place<'_>, text: &mut String) {
        let part = |text: &str| place.within.and_then(|relation| self.known.part(relation, "", text));
        match self.what {
            Renamed::Column if text_kind(place.attribute) == Some(TextKind::Column) => {
                if let Some(to) = part(text) {
                    *text = to.to_string();
                }
            }
            Renamed::Column if text_kind(place.attribute) == Some(TextKind::Expression) => {
                if let Some(relation) = place.within {
                    *text = self.over_columns(relation, text);
                }
            }
            Renamed::Label if place.attribute == "enum_labels" => {
                if let Some(to) = part(text) {
                    *text = to.to_string();
                }
            }
            Renamed::Object
                if text_kind(place.attribute) == Some(TextKind::Function) && self.function_named(text).is_some() =>
            {
                *text = self.function_named(text).unwrap_or_default();
            }
            Renamed::Object | Renamed::Domain | Renamed::Label
                if is_sql(place.attribute)
                    // The server does not change quoted bodies.
                    && (place.attribute != "definition" || place.list != "functions")
                    && text.contains('.') =>
            {
                let own = place.within.filter(|_| text_kind(place.attribute) == Some(TextKind::Expression));
                *text = self.sql(own, text);
            }
            _ => {}
        }
    }

    /// Returns the new name of a function, if the text is only its old name.
    fn function_named(&self, text: &str) -> Option<String> {
        let (schema, name, _) = named(text).filter(|(_, _, length)| *length == text.len())?;
        self.known.called(&schema, &name).map(|to| qualified(&schema, to))
    }

    /// Renames unqualified columns and those after OLD and NEW, but no functions or types.
    fn over_columns(&self, relation: Relation<'_>, text: &str) -> String {
        rewritten(text, &|token, before, after| {
            let qualified = before.ends_with('.') && !["old.", "new."].iter().any(|row| before.ends_with(row));
            if token.starts_with('\'') || qualified || before.ends_with("::") || after.starts_with(['(', '.']) {
                return None;
            }
            self.known.part(relation, "", &name_of(token)).map(|to| (ident(to), 0))
        })
    }

    /// Renames qualified objects in SQL, and labels in literals of their type. `own`: the relation whose columns the text uses.
    fn sql(&self, own: Option<Relation<'_>>, text: &str) -> String {
        let rows = self.rows(own, text);
        rewritten(text, &|token, before, after| {
            if token.starts_with('\'') && token.len() > 2 {
                let inner = &token[1..token.len() - 1];
                if self.what == Renamed::Label {
                    let (schema, name, _) = named(after.strip_prefix("::")?)?;
                    let relation = self.known.relation(&schema, &name)?;
                    let to = self.known.part(relation, "", &inner.replace("''", "'"))?;
                    return Some((format!("'{}'", to.replace('\'', "''")), 0));
                }
                return after.starts_with("::reg").then(|| (format!("'{}'", self.sql(None, inner)), 0));
            }
            if self.what == Renamed::Label || before.ends_with('.') || !after.starts_with('.') {
                return None;
            }
            let length = token_length(&after[1..], "")?;
            let (schema, name) = (name_of(token), name_of(&after[1..=length]));
            let to = if after[1 + length..].starts_with('(') {
                self.known.called(&schema, &name)
            } else {
                self.known.object(&schema, &name)
            };
            let row = || rows.get(&schema).map(|to| (ident(to), 0));
            to.map(|to| (qualified(&schema, to), 1 + length)).or_else(row)
        })
    }

    /// Returns the qualifiers of columns that are renamed with a relation, from old name to new: the server prints the relation's name,
    /// unless it has an alias.
    fn rows(&self, own: Option<Relation<'_>>, text: &str) -> FxHashMap<String, &'a Name> {
        let mut rows = FxHashMap::default();
        if self.what != Renamed::Object {
            return rows;
        }
        let mut add = |(schema, name): Relation<'_>| {
            rows.extend(self.known.table(schema, name).map(|to| (name.to_owned(), to)));
        };
        own.into_iter().for_each(&mut add);
        let mut at = 0;
        while let Some(length) = token_length(&text[at..], &text[..at]) {
            check();
            if !text[..at].ends_with(['.', ':'])
                && let Some((schema, name, whole)) = named(&text[at..])
                && !has_alias(&text[at + whole..])
            {
                add((&schema, &name));
            }
            at += length;
        }
        rows
    }
}

/// Returns whether the text after a relation in a query is an alias: the server prints keywords in capitals.
fn has_alias(after: &str) -> bool {
    let Some(rest) = after.strip_prefix(' ') else { return false };
    let word = token_length(rest, "").map_or("", |length| &rest[..length]);
    word == "AS" || word.starts_with('"') || ident(word) == word
}

/// Returns the types of the arguments that distinguish functions. A plain name has none.
fn inputs(place: Place<'_>, attributes: &Map<String, Value>) -> Vec<Name> {
    if place.attribute == "function" {
        return Vec::new();
    }
    let arguments = attributes.get("arguments").and_then(Value::as_array);
    let inputs = arguments
        .into_iter()
        .flatten()
        .filter(|argument| !matches!(argument.get("mode").and_then(Value::as_str), Some("OUT" | "TABLE")));
    inputs
        .filter_map(|argument| argument.get("data_type").and_then(Value::as_str))
        .map(|data_type| crate::model::type_address(&Name::from(data_type)))
        .collect()
}
