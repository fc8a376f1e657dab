//! Rows of members.

use crate::rows::builder::Builder;
use crate::rows::{AddTo, RowError};

row! { pub struct MemberPrivilegesRow = "member_privileges" { oid: u32 } }

impl AddTo for MemberPrivilegesRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}
