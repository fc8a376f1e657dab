//! Rows of indexs.

use crate::rows::builder::Builder;
use crate::rows::{AddTo, RowError};

row! { pub struct IndexRow = "indexes" { oid: u32 } }

impl AddTo for IndexRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}
