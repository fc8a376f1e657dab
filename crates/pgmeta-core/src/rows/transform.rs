//! Rows of transforms.

use crate::rows::builder::Builder;
use crate::rows::{AddTo, RowError};

row! { pub struct TransformRow = "transforms" { oid: u32 } }

impl AddTo for TransformRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}
