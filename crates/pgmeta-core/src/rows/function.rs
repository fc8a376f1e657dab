//! Rows of functions.

use crate::rows::builder::Builder;
use crate::rows::{AddTo, RowError};

row! { pub struct FunctionRow = "functions" { oid: u32 } }

impl AddTo for FunctionRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}
