//! Rows of schemas.

use crate::rows::builder::Builder;
use crate::rows::{AddTo, RowError};

row! { pub struct SchemaRow = "schemas" { oid: u32 } }

impl AddTo for SchemaRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}
