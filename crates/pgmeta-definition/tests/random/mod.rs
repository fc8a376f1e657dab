//! Random definitions: documents that a server takes, with expressions in the server's own spelling. Each choice is a number of a list,
//! and 0 is the simplest choice, so that a shorter list of smaller numbers makes a smaller definition. Also used by tests/e2e.

mod choices;
mod columns;
mod constraints;
mod names;
mod objects;
mod routines;
mod tables;
mod triggers;
mod types;

pub use choices::{Choices, smallest};
use names::Names;
use pgmeta_core::ident::{ident, qualified};
use serde_json::{Map, Value, json};
use tables::MadeTable;
use types::ColumnType;

/// What the server has on which a definition must work.
#[derive(Clone, Copy, Debug)]
pub struct Server {
    /// The setting `server_version_num`.
    pub version: u32,
    /// The roles that get privileges.
    pub roles: &'static [&'static str],
    /// The extensions that can be created.
    pub extensions: &'static [&'static str],
    /// Whether no server runs it: then it has what only some servers take.
    pub is_free: bool,
}

/// Makes one document.
struct Maker<'c> {
    choices: Choices<'c>,
    server: Server,
    names: Names,
    /// The schema of objects that name none.
    own: String,
    /// All schemas.
    schemas: Vec<String>,
    types: Vec<ColumnType>,
    tables: Vec<MadeTable>,
    /// Schema and name of the functions that triggers can call.
    trigger_functions: Vec<(String, String)>,
}

/// Returns the document of a list of choices.
pub fn document(numbers: &[u16], server: Server) -> Value {
    let (choices, names) = (Choices::of(numbers), Names::default());
    let mut maker = Maker {
        choices,
        server,
        names,
        own: String::new(),
        schemas: Vec::new(),
        types: types::plain(),
        tables: Vec::new(),
        trigger_functions: Vec::new(),
    };
    Value::Object(maker.document())
}

impl Maker<'_> {
    fn document(&mut self) -> Map<String, Value> {
        let mut out = Map::new();
        self.own = self.names.unique(&mut self.choices);
        out.insert("schema".to_owned(), json!(self.own));
        self.schemas.push(self.own.clone());
        self.maybe(10, &mut out, "format_version", |_| json!(1));
        self.maybe(10, &mut out, "name", |own| json!(own.text()));
        self.maybe(10, &mut out, "description", |own| json!(own.text()));
        self.maybe(10, &mut out, "labels", |own| own.labels());
        self.list(2, &mut out, "schemas", Self::schema);
        let extensions = self.server.extensions;
        if !extensions.is_empty() && self.choices.chance(20) {
            out.insert("extensions".to_owned(), json!([self.extension(extensions)]));
        }
        self.list(2, &mut out, "enums", Self::enumeration);
        self.list(2, &mut out, "composites", Self::composite);
        self.list(2, &mut out, "domains", Self::domain);
        self.list(3, &mut out, "functions", Self::function);
        self.list(4, &mut out, "tables", Self::table);
        self.add_partitions(&mut out);
        self.list(3, &mut out, "sequences", Self::sequence);
        self.list(2, &mut out, "views", Self::view);
        self.list(2, &mut out, "materialized_views", Self::materialized_view);
        out
    }

    /// Puts a key into an object, in some of all cases.
    fn maybe(
        &mut self,
        percent: u16,
        object: &mut Map<String, Value>,
        key: &str,
        value: impl FnOnce(&mut Self) -> Value,
    ) {
        if self.choices.chance(percent) {
            let value = value(self);
            object.insert(key.to_owned(), value);
        }
    }

    /// Puts a list of up to so many objects into an object. Empty ones are left out.
    fn list(
        &mut self,
        most: usize,
        object: &mut Map<String, Value>,
        key: &str,
        mut one: impl FnMut(&mut Self) -> Map<String, Value>,
    ) {
        let count = self.choices.below(most + 1);
        let all: Vec<Value> = (0..count).map(|_| one(self)).filter(|own| !own.is_empty()).map(Value::Object).collect();
        if !all.is_empty() {
            object.insert(key.to_owned(), Value::Array(all));
        }
    }

    /// Returns an object with a new name, in one of the schemas.
    fn named(&mut self) -> (String, String, Map<String, Value>) {
        let name = self.names.unique(&mut self.choices);
        let schema = self.choices.pick(&self.schemas).clone();
        let mut object = Map::new();
        object.insert("name".to_owned(), json!(name));
        if schema != self.own {
            object.insert("schema".to_owned(), json!(schema));
        }
        (schema, name, object)
    }

    /// Adds a comment and privileges.
    fn describe(&mut self, object: &mut Map<String, Value>, privileges: &[&str]) {
        self.maybe(20, object, "comment", |own| json!(own.text()));
        self.maybe(20, object, "grants", |own| own.grants(privileges));
    }

    /// Returns privileges of roles, each once.
    fn grants(&mut self, privileges: &[&str]) -> Value {
        let roles: Vec<&str> = self.server.roles.iter().copied().filter(|_| self.choices.chance(50)).collect();
        let mut grants = Vec::new();
        for role in roles {
            let given: Vec<&str> = privileges.iter().copied().filter(|_| self.choices.chance(40)).collect();
            let given = if given.is_empty() { vec![privileges[0]] } else { given };
            let mut grant = Map::new();
            grant.insert("role".to_owned(), json!(role));
            grant.insert("privileges".to_owned(), json!(given));
            if role != "PUBLIC" && self.choices.chance(30) {
                grant.insert("grantable".to_owned(), json!([given[0]]));
            }
            grants.push(Value::Object(grant));
        }
        Value::Array(grants)
    }

    /// Returns what tools keep for themselves.
    fn labels(&mut self) -> Value {
        json!({"tool": {"id": self.choices.below(9), "text": self.text()}})
    }

    /// Returns a text for people, which is not empty.
    fn text(&mut self) -> String {
        self.names.text(&mut self.choices)
    }

    /// Returns an object's name as SQL, from a text that the definition's schema applies to.
    fn sql_name(&self, schema: &str, name: &str) -> String {
        if *schema == self.own { ident(name) } else { qualified(schema, name) }
    }

    /// Returns whether the server is of a major version, or a later one.
    fn is_from(&self, major: u32) -> bool {
        self.server.version >= major * 10_000
    }
}
