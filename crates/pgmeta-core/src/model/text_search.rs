//! Text search parsers, templates, dictionaries and configurations.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, QualifiedName, Structure};

object! {
    /// Its functions are SQL.
    pub struct TextSearchParser {
        schema: Name,
        name: Name,
        start: Name,
        get_token: Name,
        end: Name,
        lex_types: Name;
        headline: Option<Name>,
    }
}

object! {
    /// Its functions are SQL.
    pub struct TextSearchTemplate {
        schema: Name,
        name: Name,
        lexize: Name;
        init: Option<Name>,
    }
}

object! {
    pub struct TextSearchDictionary {
        schema: Name,
        name: Name,
        template: QualifiedName;
        /// The template's options as the catalog has them, which is a list of `name = value` in SQL.
        options: Option<String>,
    }
}

part! {
    /// The dictionaries for one type of token, in the order in which they are asked.
    pub struct TextSearchMapping { token: Name, dictionaries: Vec<QualifiedName>; }
}

object! {
    pub struct TextSearchConfiguration {
        schema: Name,
        name: Name,
        parser: QualifiedName;
        /// By token.
        mappings: Vec<TextSearchMapping>,
    }
}

impl TextSearchParser {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::in_schema(ObjectKind::TextSearchParser, &self.schema, &self.name)
    }
}

impl TextSearchTemplate {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::in_schema(ObjectKind::TextSearchTemplate, &self.schema, &self.name)
    }
}

impl TextSearchDictionary {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::in_schema(ObjectKind::TextSearchDictionary, &self.schema, &self.name)
    }
}

impl TextSearchConfiguration {
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
