//! Rows of typess.

use crate::rows::builder::Builder;
use crate::rows::{AddTo, RowError};

row! { pub struct TypeRow = "types" { oid: u32 } }

impl AddTo for TypeRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}
