//! Rows of conversions.

use crate::rows::builder::Builder;
use crate::rows::{AddTo, RowError};

row! { pub struct ConversionRow = "conversions" { oid: u32 } }

impl AddTo for ConversionRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}
