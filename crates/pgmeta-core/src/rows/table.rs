//! Rows of tables.

use crate::rows::builder::Builder;
use crate::rows::{AddTo, RowError};

row! { pub struct TableRow = "tables" { oid: u32 } }

impl AddTo for TableRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}
