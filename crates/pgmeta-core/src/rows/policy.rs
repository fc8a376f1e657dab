//! Rows of policys.

use crate::rows::builder::Builder;
use crate::rows::{AddTo, RowError};

row! { pub struct PolicyRow = "policies" { oid: u32 } }

impl AddTo for PolicyRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}
