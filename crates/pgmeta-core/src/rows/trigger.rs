//! Rows of triggers.

use crate::rows::builder::Builder;
use crate::rows::{AddTo, RowError};

row! { pub struct TriggerRow = "triggers" { oid: u32 } }

impl AddTo for TriggerRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}
