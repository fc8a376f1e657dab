//! Rows of access methods.

use crate::rows::builder::Builder;
use crate::rows::{AddTo, RowError};

row! { pub struct AccessMethodRow = "access_methods" { oid: u32 } }

impl AddTo for AccessMethodRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}
