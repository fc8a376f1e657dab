//! Rows of clusters.

use crate::rows::builder::Builder;
use crate::rows::{AddTo, RowError};

row! { pub struct RoleRow = "roles" { oid: u32 } }

row! { pub struct RoleMembershipRow = "role_memberships" { oid: u32 } }

row! { pub struct TablespaceRow = "tablespaces" { oid: u32 } }

row! { pub struct DatabaseRow = "databases" { oid: u32 } }

row! { pub struct SettingRow = "settings" { oid: u32 } }

row! { pub struct ParameterPrivilegesRow = "parameter_privileges" { oid: u32 } }

impl AddTo for RoleRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}

impl AddTo for RoleMembershipRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}

impl AddTo for TablespaceRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}

impl AddTo for DatabaseRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}

impl AddTo for SettingRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}

impl AddTo for ParameterPrivilegesRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}
