//! Rows of operators.

use crate::rows::builder::Builder;
use crate::rows::{AddTo, RowError};

row! { pub struct OperatorRow = "operators" { oid: u32 } }

impl AddTo for OperatorRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}
