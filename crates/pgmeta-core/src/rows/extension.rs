//! Rows of extensions.

use crate::rows::builder::Builder;
use crate::rows::{AddTo, RowError};

row! { pub struct ExtensionRow = "extensions" { oid: u32 } }

impl AddTo for ExtensionRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}
