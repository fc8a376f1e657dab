//! Rows of sequences.

use crate::rows::builder::Builder;
use crate::rows::{AddTo, RowError};

row! { pub struct SequenceRow = "sequences" { oid: u32 } }

impl AddTo for SequenceRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}
