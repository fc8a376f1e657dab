//! Rows of rules.

use crate::rows::builder::Builder;
use crate::rows::{AddTo, RowError};

row! { pub struct RuleRow = "rules" { oid: u32 } }

impl AddTo for RuleRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}
