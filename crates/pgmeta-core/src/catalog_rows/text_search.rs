//! Rows of text search parsers, templates, dictionaries and configurations.

use crate::catalog_rows::Ingest;
use crate::catalog_rows::builder::{Address, Builder};
use crate::catalog_rows::class;
use crate::cells::RowError;
use crate::ident::Name;
use crate::model::{
    QualifiedName, TextSearchConfiguration, TextSearchDictionary, TextSearchMapping, TextSearchParser,
    TextSearchTemplate,
};

row! {
    pub struct TextSearchParserRow = "text_search_parsers" of TS_PARSER {
        oid: u32, schema: u32, name: Name, start: Name, get_token: Name, end: Name, lex_types: Name, headline: Option<Name>,
    }
}
row! {
    pub struct TextSearchTemplateRow = "text_search_templates" of TS_TEMPLATE {
        oid: u32, schema: u32, name: Name, lexize: Name, init: Option<Name>,
    }
}
row! {
    pub struct TextSearchDictionaryRow = "text_search_dictionaries" of TS_DICT {
        oid: u32, schema: u32, name: Name, owner: u32, template_schema: u32, template: Name, options: Option<String>,
    }
}
row! {
    pub struct TextSearchConfigurationRow = "text_search_configurations" of TS_CONFIG {
        oid: u32, schema: u32, name: Name, owner: u32, parser_schema: u32, parser: Name,
        tokens: Option<Vec<Name>>, dictionary_schemas: Option<Vec<u32>>, dictionaries: Option<Vec<Name>>,
    }
}

impl Ingest for TextSearchParserRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        if builder.is_member(class::TS_PARSER, self.oid) {
            return Ok(());
        }
        let mut parser = TextSearchParser {
            schema: builder.names.schema(self.schema)?,
            name: self.name,
            start: self.start,
            get_token: self.get_token,
            end: self.end,
            lex_types: self.lex_types,
            headline: self.headline,
            ..TextSearchParser::default()
        };
        builder.describe(&mut parser, Address::of(class::TS_PARSER, self.oid), None, None)?;
        builder.model.text_search_parsers.push(parser);
        Ok(())
    }
}

impl Ingest for TextSearchTemplateRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        if builder.is_member(class::TS_TEMPLATE, self.oid) {
            return Ok(());
        }
        let mut template = TextSearchTemplate {
            schema: builder.names.schema(self.schema)?,
            name: self.name,
            lexize: self.lexize,
            init: self.init,
            ..TextSearchTemplate::default()
        };
        builder.describe(&mut template, Address::of(class::TS_TEMPLATE, self.oid), None, None)?;
        builder.model.text_search_templates.push(template);
        Ok(())
    }
}

impl Ingest for TextSearchDictionaryRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        if builder.is_member(class::TS_DICT, self.oid) {
            return Ok(());
        }
        let mut dictionary = TextSearchDictionary {
            schema: builder.names.schema(self.schema)?,
            name: self.name,
            template: QualifiedName { schema: builder.names.schema(self.template_schema)?, name: self.template },
            options: self.options,
            ..TextSearchDictionary::default()
        };
        builder.describe(&mut dictionary, Address::of(class::TS_DICT, self.oid), Some(self.owner), None)?;
        builder.model.text_search_dictionaries.push(dictionary);
        Ok(())
    }
}

impl Ingest for TextSearchConfigurationRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        if builder.is_member(class::TS_CONFIG, self.oid) {
            return Ok(());
        }
        let mut mappings: Vec<TextSearchMapping> = Vec::new();
        let schemas = self.dictionary_schemas.unwrap_or_default();
        let dictionaries = schemas.into_iter().zip(self.dictionaries.unwrap_or_default());
        for (token, (schema, name)) in self.tokens.unwrap_or_default().into_iter().zip(dictionaries) {
            let dictionary = QualifiedName { schema: builder.names.schema(schema)?, name };
            match mappings.last_mut() {
                Some(mapping) if mapping.token == token => mapping.dictionaries.push(dictionary),
                _ => mappings.push(TextSearchMapping { token, dictionaries: vec![dictionary] }),
            }
        }
        let mut configuration = TextSearchConfiguration {
            schema: builder.names.schema(self.schema)?,
            name: self.name,
            parser: QualifiedName { schema: builder.names.schema(self.parser_schema)?, name: self.parser },
            mappings,
            ..TextSearchConfiguration::default()
        };
        builder.describe(&mut configuration, Address::of(class::TS_CONFIG, self.oid), Some(self.owner), None)?;
        builder.model.text_search_configurations.push(configuration);
        Ok(())
    }
}
