//! What OIDs are called: roles, schemas, types, relations. Adds nothing to the model.

use crate::ident::Name;
use crate::rows::builder::{Builder, Relation};
use crate::rows::{AddTo, RowError};

row! { pub struct RoleNameRow = "role_names" { oid: u32, name: Name } }
row! { pub struct SchemaNameRow = "schema_names" { oid: u32, name: Name } }
row! {
    /// A type as columns use it: with its typmod.
    pub struct TypeNameRow = "type_names" { oid: u32, typmod: i32, name: Name }
}
row! { pub struct RelationNameRow = "relation_names" { oid: u32, schema: u32, name: Name, kind: u8 } }

impl AddTo for RoleNameRow {
    fn add_to(self, builder: &mut Builder) -> Result<(), RowError> {
        builder.names.roles.insert(self.oid, self.name);
        Ok(())
    }
}

impl AddTo for SchemaNameRow {
    fn add_to(self, builder: &mut Builder) -> Result<(), RowError> {
        builder.names.schemas.insert(self.oid, self.name);
        Ok(())
    }
}

impl AddTo for TypeNameRow {
    fn add_to(self, builder: &mut Builder) -> Result<(), RowError> {
        builder.names.types.insert((self.oid, self.typmod), self.name);
        Ok(())
    }
}

impl AddTo for RelationNameRow {
    fn add_to(self, builder: &mut Builder) -> Result<(), RowError> {
        let schema = builder.names.schema(self.schema)?;
        builder.names.relations.insert(self.oid, Relation { schema, name: self.name, kind: self.kind });
        Ok(())
    }
}
