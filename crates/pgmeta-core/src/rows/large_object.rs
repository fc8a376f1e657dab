//! Rows of large objects.

use crate::rows::builder::Builder;
use crate::rows::{AddTo, RowError};

row! { pub struct LargeObjectRow = "large_objects" { oid: u32 } }

impl AddTo for LargeObjectRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}
