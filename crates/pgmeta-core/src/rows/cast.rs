//! Rows of casts.

use crate::rows::builder::Builder;
use crate::rows::{AddTo, RowError};

row! { pub struct CastRow = "casts" { oid: u32 } }

impl AddTo for CastRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}
