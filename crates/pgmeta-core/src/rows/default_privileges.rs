//! Rows of default privilegess.

use crate::rows::builder::Builder;
use crate::rows::{AddTo, RowError};

row! { pub struct DefaultPrivilegesRow = "default_privileges" { oid: u32 } }

impl AddTo for DefaultPrivilegesRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}
