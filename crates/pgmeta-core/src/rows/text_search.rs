//! Rows of text searchs.

use crate::rows::builder::Builder;
use crate::rows::{AddTo, RowError};

row! { pub struct TextSearchParserRow = "text_search_parsers" { oid: u32 } }

row! { pub struct TextSearchTemplateRow = "text_search_templates" { oid: u32 } }

row! { pub struct TextSearchDictionaryRow = "text_search_dictionaries" { oid: u32 } }

row! { pub struct TextSearchConfigurationRow = "text_search_configurations" { oid: u32 } }

impl AddTo for TextSearchParserRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}

impl AddTo for TextSearchTemplateRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}

impl AddTo for TextSearchDictionaryRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}

impl AddTo for TextSearchConfigurationRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}
