//! Rows of schemas.

use crate::cells::{AclItem, RowError};
use crate::ident::Name;
use crate::model::Schema;
use crate::rows::AddTo;
use crate::rows::builder::{Address, Builder, class};

row! { pub struct SchemaRow = "schemas" { oid: u32, name: Name, owner: u32, acl: Option<Vec<AclItem>> } }

impl AddTo for SchemaRow {
    fn add_to(self, builder: &mut Builder) -> Result<(), RowError> {
        if builder.is_member(class::NAMESPACE, self.oid) {
            return Ok(());
        }
        let mut schema = Schema { name: self.name, ..Schema::default() };
        builder.describe(&mut schema, Address::of(class::NAMESPACE, self.oid), Some(self.owner), self.acl)?;
        builder.model.schemas.push(schema);
        Ok(())
    }
}
