//! Changes the schema of a model's objects, so that two schemas of one database can be compared; or of some objects only.

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value;

use crate::ident::{Name, ident, unquote};
use crate::interrupt::check;
use crate::lexer::quoted_length;
use crate::model::fields::{TextKind, is_sql, text_kind};
use crate::model::{JsonError, Model, ObjectKey, ObjectKind};

/// Returns the model with another name of a schema: where the name is alone, and where it qualifies another name in SQL, including
/// function bodies.
pub fn rename_schema(model: &Model, from: &str, to: &str) -> Result<Model, JsonError> {
    rename_schemas(model, &FxHashMap::from_iter([(from, to)]))
}

/// The same for several schemas, from old name to new.
pub(super) fn rename_schemas(model: &Model, names: &FxHashMap<&str, &str>) -> Result<Model, JsonError> {
    let invalid = |error: serde_json::Error| JsonError::Invalid { path: "$".into(), message: error.to_string() };
    let mut value = serde_json::to_value(model).map_err(invalid)?;
    let renaming = Renaming::of(names);
    if let Some(Value::Array(schemas)) = value.get_mut("schemas") {
        for schema in schemas {
            renaming.whole(schema.get_mut("name"));
        }
    }
    renaming.visit("", &mut value);
    Model::from_value(value)
}

/// Returns the model with its own objects of one schema in another one, and with the names by which its texts qualify them. Other names
/// in the schema, for example of an extension's types, stay.
pub fn move_objects(model: &Model, from: &str, to: &str) -> Result<Model, JsonError> {
    let mut own = FxHashSet::default();
    for object in model.objects() {
        check();
        if let [schema, name] = &*object.object().key().names
            && (**schema == *from || **schema == *to)
        {
            own.insert(name.to_string());
        }
    }
    let new_schema = |schema: &str, name: &str| (schema == from && own.contains(name)).then_some(to);
    let invalid = |error: serde_json::Error| JsonError::Invalid { path: "$".into(), message: error.to_string() };
    let mut value = serde_json::to_value(model).map_err(invalid)?;
    Renaming::of_some(&new_schema).visit("", &mut value);
    Model::from_value(value)
}

/// Returns the new schema of an object, by schema and name.
pub(super) type NewSchema<'a> = dyn Fn(&str, &str) -> Option<&'a str> + 'a;

pub(super) struct Renaming<'a> {
    names: FxHashMap<&'a str, &'a str>,
    /// The same names as quoted identifiers.
    idents: FxHashMap<String, String>,
    /// Used instead of `names` if schemas stay and some of their objects move.
    new_schema: Option<&'a NewSchema<'a>>,
}

impl<'a> Renaming<'a> {
    fn of(names: &FxHashMap<&'a str, &'a str>) -> Self {
        let idents = names.iter().map(|(from, to)| (ident(from), ident(to))).collect();
        Self { names: names.clone(), idents, new_schema: None }
    }

    pub fn of_some(new_schema: &'a NewSchema<'a>) -> Self {
        Self { names: FxHashMap::default(), idents: FxHashMap::default(), new_schema: Some(new_schema) }
    }

    fn whole(&self, value: Option<&mut Value>) {
        if let Some(Value::String(text)) = value
            && let Some(to) = self.names.get(text.as_str())
        {
            *text = (*to).to_owned();
        }
    }

    /// Returns the new schema of a name in a schema, or `None` if it is the same.
    fn schema_of(&self, schema: &str, name: Option<&str>) -> Option<&'a str> {
        match self.new_schema {
            Some(new_schema) => new_schema(schema, name?),
            None => self.names.get(schema).copied(),
        }
    }

    pub fn visit(&self, attribute: &str, value: &mut Value) {
        check();
        match value {
            Value::Object(attributes) => {
                if attributes.contains_key("type") && attributes.contains_key("names") {
                    return self.key(value);
                }
                let is_path = attributes.get("name").and_then(Value::as_str) == Some("search_path");
                let text = |name: &str| attributes.get(name).and_then(Value::as_str);
                let named = text("table").or(text("name"));
                let schema = text("schema").and_then(|schema| self.schema_of(schema, named));
                for (name, value) in attributes.iter_mut() {
                    match (name.as_str(), value) {
                        ("schema", Value::String(own)) => {
                            if let Some(schema) = schema {
                                schema.clone_into(own);
                            }
                        }
                        ("value", Value::String(list)) if is_path && self.new_schema.is_none() => {
                            *list = self.path(list)
                        }
                        (name, value) => self.visit(name, value),
                    }
                }
            }
            Value::Array(elements) => elements.iter_mut().for_each(|element| self.visit(attribute, element)),
            Value::String(_) if text_kind(attribute) == Some(TextKind::Schema) => self.whole(Some(value)),
            Value::String(text) if is_sql(attribute) && text.contains('.') => *text = self.sql(text),
            _ => {}
        }
    }

    /// The key of an object: its schema, and types as SQL.
    fn key(&self, value: &mut Value) {
        let Ok(mut key) = serde_json::from_value::<ObjectKey>(value.clone()) else { return };
        if matches!(key.kind, ObjectKind::Cast | ObjectKind::Transform) {
            key.names = key.names.iter().map(|text| Name::from(self.sql(text))).collect();
        } else if let Some(at) = key.schema().and_then(|schema| key.names.iter().position(|name| name == schema)) {
            let named = key.names.get(at + 1).map(|name| &**name);
            if let Some(schema) = self.schema_of(&key.names[at], named) {
                key.names_mut()[at] = Name::from(schema);
            }
        }
        key.args = key.args.iter().map(|text| Name::from(self.sql(text))).collect();
        if let Ok(renamed) = serde_json::to_value(key) {
            *value = renamed;
        }
    }

    /// A search_path as in the catalog: each name quoted.
    fn path(&self, list: &str) -> String {
        let elements = list.split(", ").map(|element| self.idents.get(element).map_or(element, String::as_str));
        elements.collect::<Vec<_>>().join(", ")
    }

    /// Replaces the name if a dot follows and none precedes. In string literals, only in those that are names, such as
    /// `'app.orders_id_seq'::regclass`.
    fn sql(&self, text: &str) -> String {
        rewritten(text, &|token, out, after| match token.chars().next() {
            Some('\'') if after.starts_with("::reg") && token.len() > 2 => {
                Some((format!("'{}'", self.sql(&token[1..token.len() - 1])), 0))
            }
            Some(first) if (first == '"' || is_word(first)) && !out.ends_with('.') => {
                let named = after.strip_prefix('.').map(name_or_operator)?;
                self.schema_of(&name_of(token), Some(&named)).map(|to| (ident(to), 0))
            }
            _ => None,
        })
    }
}

/// Returns the object name at the beginning of a text. An operator's name is punctuation.
fn name_or_operator(text: &str) -> String {
    const OPERATORS: &str = "+-*/<>=~!@#%^&|`?";
    let end = text.find(|c| !OPERATORS.contains(c)).unwrap_or(text.len());
    match end {
        0 => token_length(text, "").map_or(String::new(), |length| name_of(&text[..length])),
        end => text[..end].to_owned(),
    }
}

/// Returns the replacement for a token and for a number of bytes after it, given the token, the text before and the text after.
pub(super) type Replace<'a> = dyn Fn(&str, &str, &str) -> Option<(String, usize)> + 'a;

/// Splits SQL into tokens: names with and without quotes, literals, and single characters.
pub(super) fn rewritten(text: &str, replace: &Replace<'_>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(length) = token_length(rest, &out) {
        check();
        let (token, after) = rest.split_at(length);
        match replace(token, &out, after) {
            Some((other, more)) => {
                out += &other;
                rest = &after[more..];
            }
            None => {
                out += token;
                rest = after;
            }
        }
    }
    out
}

/// Returns the length of the first token, unless the text is at its end.
pub(super) fn token_length(text: &str, before: &str) -> Option<usize> {
    let first = text.chars().next()?;
    Some(match first {
        '\'' | '"' => quoted_length(text, before.ends_with(['E', 'e'])),
        first if is_word(first) => text.find(|c| !is_word(c)).unwrap_or(text.len()),
        other => other.len_utf8(),
    })
}

/// Returns the name in a token.
pub(super) fn name_of(token: &str) -> String {
    if token.starts_with('"') { unquote(token) } else { token.to_lowercase() }
}

/// Returns the schema and name at the beginning of a text, and their length.
pub(super) fn named(text: &str) -> Option<(String, String, usize)> {
    let first = token_length(text, "")?;
    let rest = text[first..].strip_prefix('.')?;
    let second = token_length(rest, "")?;
    Some((name_of(&text[..first]), name_of(&rest[..second]), first + 1 + second))
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Schema, Table, View};

    #[test]
    fn only_qualifying_schema_names_are_renamed() {
        let names = FxHashMap::from_iter([("b", "Odd a")]);
        let renaming = Renaming::of(&names);
        let cases = [
            ("b.f(b.b.x, 'b.y')", "\"Odd a\".f(\"Odd a\".b.x, 'b.y')"),
            ("nextval('b.s'::regclass)", "nextval('\"Odd a\".s'::regclass)"),
            ("ab.x + x.b.c + \"b\".d + \"B\".e", "ab.x + x.b.c + \"Odd a\".d + \"B\".e"),
            ("E'it\\'s b.x' || b", "E'it\\'s b.x' || b"),
            ("'it''s b.x", "'it''s b.x"),
            ("é b.x[b.y]", "é \"Odd a\".x[\"Odd a\".y]"),
        ];
        for (text, expected) in cases {
            assert_eq!(renaming.sql(text), expected);
        }
        let names = FxHashMap::from_iter([("x \"y", "a")]);
        let odd = Renaming::of(&names);
        assert_eq!(odd.sql("\"x \"\"y\".t, x.y"), "a.t, x.y");
        assert_eq!(odd.path("\"x \"\"y\", pg_temp"), "a, pg_temp");
    }

    #[test]
    fn names_and_comments_are_not_renamed() {
        let name = |text: &str| crate::ident::Name::from(text);
        let table = Table { schema: name("b"), name: name("b.t"), comment: Some("b.t".into()), ..Table::default() };
        let definition = "SELECT b.t.x FROM b.t".to_owned();
        let view = View { schema: name("b"), name: name("v"), definition, ..View::default() };
        let schema = Schema { name: name("b"), ..Schema::default() };
        let model = Model { tables: vec![table], views: vec![view], schemas: vec![schema], ..Model::default() };
        let renamed = rename_schema(&model, "b", "a").unwrap_or_default();
        assert_eq!(&*renamed.schemas[0].name, "a");
        let table = &renamed.tables[0];
        assert_eq!((&*table.schema, &*table.name, table.comment.as_deref()), ("a", "b.t", Some("b.t")));
        assert_eq!(renamed.views[0].definition, "SELECT a.t.x FROM a.t");
    }
}
