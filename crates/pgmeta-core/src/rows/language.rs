//! Rows of languages.

use crate::rows::builder::Builder;
use crate::rows::{AddTo, RowError};

row! { pub struct LanguageRow = "languages" { oid: u32 } }

impl AddTo for LanguageRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}
