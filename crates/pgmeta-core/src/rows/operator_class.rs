//! Rows of operator classs.

use crate::rows::builder::Builder;
use crate::rows::{AddTo, RowError};

row! { pub struct OperatorFamilyRow = "operator_families" { oid: u32 } }

row! { pub struct OperatorClassRow = "operator_classes" { oid: u32 } }

impl AddTo for OperatorFamilyRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}

impl AddTo for OperatorClassRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}
