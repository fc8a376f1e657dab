//! Text search parsers, templates, dictionaries and configurations.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, QualifiedName, Structure};

object! {
    /// A text search parser. Its functions are SQL.
    pub struct TextSearchParser {
        /// The schema of the parser.
        schema: Name,
        /// The name of the parser.
        name: Name,
        /// The function that starts parsing.
        start: Name,
        /// The function that returns the next token.
        get_token: Name,
        /// The function that ends parsing.
        end: Name,
        /// The function that lists the types of tokens.
        lex_types: Name;
        /// The function that creates headlines. Absent: none.
        headline: Option<Name>,
    }
}

object! {
    /// A text search template. Its functions are SQL.
    pub struct TextSearchTemplate {
        /// The schema of the template.
        schema: Name,
        /// The name of the template.
        name: Name,
        /// The function that looks up a word.
        lexize: Name;
        /// The function that prepares a dictionary. Absent: none.
        init: Option<Name>,
    }
}

object! {
    /// A text search dictionary.
    pub struct TextSearchDictionary {
        /// The schema of the dictionary.
        schema: Name,
        /// The name of the dictionary.
        name: Name,
        /// The template of the dictionary.
        template: QualifiedName;
        /// The options of the template, as in the catalog: a list of `name = value` in SQL.
        options: Option<String>,
    }
}

part! {
    /// The dictionaries for one type of token, in the order of their use.
    pub struct TextSearchMapping {
        /// The type of token.
        token: Name,
        /// The dictionaries, in the order of their use.
        dictionaries: Vec<QualifiedName>;
    }
}

object! {
    /// A text search configuration.
    pub struct TextSearchConfiguration {
        /// The schema of the configuration.
        schema: Name,
        /// The name of the configuration.
        name: Name,
        /// The parser of the configuration.
        parser: QualifiedName;
        /// The dictionaries for the types of tokens, by token.
        mappings: Vec<TextSearchMapping>,
    }
}

impl TextSearchParser {
    /// Returns the address of the object.
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::in_schema(ObjectKind::TextSearchParser, &self.schema, &self.name)
    }
}

impl TextSearchTemplate {
    /// Returns the address of the object.
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::in_schema(ObjectKind::TextSearchTemplate, &self.schema, &self.name)
    }
}

impl TextSearchDictionary {
    /// Returns the address of the object.
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::in_schema(ObjectKind::TextSearchDictionary, &self.schema, &self.name)
    }
}

impl TextSearchConfiguration {
    /// Returns the address of the object.
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::in_schema(ObjectKind::TextSearchConfiguration, &self.schema, &self.name)
    }
}

fn schema_key(schema: &Name) -> ObjectKey {
    ObjectKey::global(ObjectKind::Schema, schema)
}

impl Structure for TextSearchParser {
    fn requires(&self) -> Vec<ObjectKey> {
        vec![schema_key(&self.schema)]
    }
}

impl Structure for TextSearchTemplate {
    fn requires(&self) -> Vec<ObjectKey> {
        vec![schema_key(&self.schema)]
    }
}

impl Structure for TextSearchDictionary {
    fn requires(&self) -> Vec<ObjectKey> {
        vec![schema_key(&self.schema), self.template.key(ObjectKind::TextSearchTemplate)]
    }
}

impl Structure for TextSearchConfiguration {
    fn requires(&self) -> Vec<ObjectKey> {
        let dictionaries = self.mappings.iter().flat_map(|mapping| &mapping.dictionaries);
        [schema_key(&self.schema), self.parser.key(ObjectKind::TextSearchParser)]
            .into_iter()
            .chain(dictionaries.map(|name| name.key(ObjectKind::TextSearchDictionary)))
            .collect()
    }
}
