//! Rows of default privileges: those of a schema belong to the schema, the others to the database.

use crate::catalog_rows::Ingest;
use crate::catalog_rows::builder::{Address, Builder};
use crate::catalog_rows::class;
use crate::cells::{AclItem, RowError};
use crate::model::{DefaultPrivileges, DefaultPrivilegesOn};

row! {
    pub struct DefaultPrivilegesRow = "default_privileges" {
        oid: u32, role: u32, schema: u32, object_type: u8, acl: Vec<AclItem>,
    }
}
row! {
    pub struct GlobalDefaultPrivilegesRow = "global_default_privileges" {
        oid: u32, role: u32, object_type: u8, acl: Vec<AclItem>,
    }
}

impl Ingest for DefaultPrivilegesRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        add(builder, self.oid, self.role, Some(self.schema), self.object_type, &self.acl)
    }
}

impl Ingest for GlobalDefaultPrivilegesRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        add(builder, self.oid, self.role, None, self.object_type, &self.acl)
    }
}

fn add(
    builder: &mut Builder,
    oid: u32,
    role: u32,
    schema: Option<u32>,
    object_type: u8,
    acl: &[AclItem],
) -> Result<(), RowError> {
    let mut privileges = DefaultPrivileges {
        role: builder.names.role(role)?,
        object_type: DefaultPrivilegesOn::from_code(object_type)?,
        schema: schema.map(|oid| builder.names.schema(oid)).transpose()?,
        grants: builder.names.grants(acl)?,
        ..DefaultPrivileges::default()
    };
    builder.describe(&mut privileges, Address::of(class::DEFAULT_ACL, oid), None, None)?;
    builder.model.default_privileges.push(privileges);
    Ok(())
}
