//! Rows of foreigns.

use crate::rows::builder::Builder;
use crate::rows::{AddTo, RowError};

row! { pub struct ForeignDataWrapperRow = "foreign_data_wrappers" { oid: u32 } }

row! { pub struct ServerRow = "servers" { oid: u32 } }

row! { pub struct UserMappingRow = "user_mappings" { oid: u32 } }

impl AddTo for ForeignDataWrapperRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}

impl AddTo for ServerRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}

impl AddTo for UserMappingRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}
