//! Rows of large objects.

use crate::catalog_rows::Ingest;
use crate::catalog_rows::builder::{Address, Builder};
use crate::catalog_rows::class;
use crate::cells::{AclItem, RowError};
use crate::model::LargeObject;

row! { pub struct LargeObjectRow = "large_objects" of LARGE_OBJECT { oid: u32, owner: u32, acl: Option<Vec<AclItem>> } }

impl Ingest for LargeObjectRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        let mut object = LargeObject { oid: self.oid, ..LargeObject::default() };
        builder.describe(&mut object, Address::of(class::LARGE_OBJECT, self.oid), Some(self.owner), self.acl)?;
        builder.model.large_objects.push(object);
        Ok(())
    }
}
