//! Rows of aggregates.

use crate::rows::builder::Builder;
use crate::rows::{AddTo, RowError};

row! { pub struct AggregateRow = "aggregates" { oid: u32 } }

impl AddTo for AggregateRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}
