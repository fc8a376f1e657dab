//! Rows of constraints.

use crate::rows::builder::Builder;
use crate::rows::{AddTo, RowError};

row! { pub struct ConstraintRow = "constraints" { oid: u32 } }

impl AddTo for ConstraintRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}
