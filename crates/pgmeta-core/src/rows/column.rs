//! Rows of columns.

use crate::rows::builder::Builder;
use crate::rows::{AddTo, RowError};

row! { pub struct ColumnRow = "columns" { oid: u32 } }

impl AddTo for ColumnRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}
