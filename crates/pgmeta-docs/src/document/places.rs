//! Where the page of each object is, and links to it. Objects without a page are words.

use pgmeta_core::file_name::unique_file_name;
use pgmeta_core::ident::{Name, qualified};
use pgmeta_core::model::{ObjectKey, ObjectKind};
use rustc_hash::FxHashMap;

use super::page::Link;

/// The kinds of which all with one name share a page.
const ROUTINES: [ObjectKind; 3] = [ObjectKind::Function, ObjectKind::Procedure, ObjectKind::Aggregate];

/// What kinds of objects have pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A table of any kind.
    Table,
    /// A view or materialized view.
    View,
    /// All routines with one name.
    Function,
    /// A type or domain.
    Type,
}

impl Kind {
    fn folder(self) -> &'static str {
        match self {
            Kind::Table => "tables",
            Kind::View => "views",
            Kind::Function => "functions",
            Kind::Type => "types",
        }
    }
}

/// The pages of objects, by the object as SQL.
#[derive(Debug, Default)]
pub struct Places {
    relations: FxHashMap<String, String>,
    functions: FxHashMap<String, String>,
    types: FxHashMap<String, String>,
}

impl Places {
    /// Gives an object a page, and returns its path.
    pub fn add(&mut self, kind: Kind, schema: &str, name: &str) -> String {
        // No file name has a dot of its own.
        let path = format!("{}/{}.{}", kind.folder(), unique_file_name(schema), unique_file_name(name));
        let known = match kind {
            Kind::Table | Kind::View => &mut self.relations,
            Kind::Function => &mut self.functions,
            Kind::Type => &mut self.types,
        };
        known.insert(qualified(schema, name), path.clone());
        path
    }

    /// Returns a link to a table or view.
    pub fn relation(&self, schema: &Name, name: &Name) -> Link {
        self.relation_named(qualified(schema, name))
    }

    /// The same, by its name as SQL.
    pub fn relation_named(&self, text: String) -> Link {
        let page = self.relations.get(&text).cloned();
        Link { text, page }
    }

    /// Returns a link to a function, by its name as SQL.
    pub fn function_named(&self, text: String) -> Link {
        let page = self.functions.get(&text).cloned();
        Link { text, page }
    }

    /// Returns a link to the page of a type, with another text.
    pub fn type_with_text(&self, schema: &Name, name: &Name, text: &str) -> Link {
        Link { text: text.to_owned(), page: self.types.get(&qualified(schema, name)).cloned() }
    }

    /// Returns the page of an object. What has a relation in its address has the page of the relation.
    pub fn of_key(&self, key: &ObjectKey) -> Option<&str> {
        let known = if key.relation().is_some() {
            &self.relations
        } else if ROUTINES.contains(&key.kind) {
            &self.functions
        } else if key.kind == ObjectKind::Type {
            &self.types
        } else {
            return None;
        };
        let (schema, name) = key
            .relation()
            .map_or_else(|| Some((&**key.schema()?, key.name())), |(schema, name)| Some((&**schema, &**name)))?;
        known.get(&qualified(schema, name)).map(String::as_str)
    }
}
