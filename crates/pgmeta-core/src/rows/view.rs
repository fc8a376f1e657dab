//! Rows of views.

use crate::rows::builder::Builder;
use crate::rows::{AddTo, RowError};

row! { pub struct ViewRow = "views" { oid: u32 } }

impl AddTo for ViewRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}
