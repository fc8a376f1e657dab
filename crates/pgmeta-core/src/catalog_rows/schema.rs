//! Rows of schemas.

use crate::catalog_rows::Ingest;
use crate::catalog_rows::builder::{Address, Builder};
use crate::catalog_rows::class;
use crate::cells::{AclItem, RowError};
use crate::ident::Name;
use crate::model::Schema;

row! { pub struct SchemaRow = "schemas" of NAMESPACE { oid: u32, name: Name, owner: u32, acl: Option<Vec<AclItem>> } }

impl Ingest for SchemaRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        if builder.is_member(class::NAMESPACE, self.oid) {
            return Ok(());
        }
        let mut schema = Schema { name: self.name, ..Schema::default() };
        builder.describe(&mut schema, Address::of(class::NAMESPACE, self.oid), Some(self.owner), self.acl)?;
        builder.model.schemas.push(schema);
        Ok(())
    }
}
