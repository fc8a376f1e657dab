//! Rows of collations.

use crate::rows::builder::Builder;
use crate::rows::{AddTo, RowError};

row! { pub struct CollationRow = "collations" { oid: u32 } }

impl AddTo for CollationRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}
