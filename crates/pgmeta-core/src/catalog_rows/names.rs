//! Names of OIDs: roles, schemas, types, relations, and their look-ups. Adds nothing to the model.

use crate::catalog_rows::Ingest;
use crate::catalog_rows::builder::{Builder, OperatorClassName, Relation};
use crate::cells::RowError;
use crate::ident::{Name, ident, qualified};
use crate::model::Setting;

row! { pub struct RoleNameRow = "role_names" of AUTHID { oid: u32, name: Name } }
row! { pub struct SchemaNameRow = "schema_names" of NAMESPACE { oid: u32, name: Name } }
row! { pub struct OperatorClassNameRow = "operator_class_names" of OPCLASS { oid: u32, schema: Name, name: Name, method: u32, input: u32, default: bool } }
row! { pub struct CollationNameRow = "collation_names" of COLLATION { oid: u32, schema: Name, name: Name } }
row! { pub struct DomainBaseRow = "domain_bases" of TYPE { oid: u32, base: u32 } }
row! { pub struct RelationNameRow = "relation_names" of CLASS { oid: u32, schema: u32, name: Name, kind: u8, toast_options: Option<Vec<String>> } }
row! { pub struct AccessMethodNameRow = "access_method_names" of AM { oid: u32, name: Name } }
row! { pub struct TablespaceNameRow = "tablespace_names" of TABLESPACE { oid: u32, name: Name } }

impl Ingest for RoleNameRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        builder.names.roles.insert(self.oid, self.name);
        Ok(())
    }
}

impl Ingest for SchemaNameRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        builder.names.schemas.insert(self.oid, self.name);
        Ok(())
    }
}

impl Ingest for RelationNameRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        if let Some(options) = self.toast_options {
            builder.names.toast_options.insert(self.oid, Setting::parse_all(Some(options)));
            return Ok(());
        }
        let schema = builder.names.schema(self.schema)?;
        builder.names.relations.insert(self.oid, Relation { schema, name: self.name, kind: self.kind });
        Ok(())
    }
}

impl Ingest for AccessMethodNameRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        builder.names.access_methods.insert(self.oid, self.name);
        Ok(())
    }
}

impl Ingest for TablespaceNameRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        builder.names.tablespaces.insert(self.oid, self.name);
        Ok(())
    }
}

impl Ingest for OperatorClassNameRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        let name = if &*self.schema == "pg_catalog" { ident(&self.name) } else { qualified(&self.schema, &self.name) };
        let class =
            OperatorClassName { name: name.into(), method: self.method, input: self.input, default: self.default };
        builder.operator_classes.insert(self.oid, class);
        Ok(())
    }
}

impl Ingest for CollationNameRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        builder.collations.insert(self.oid, qualified(&self.schema, &self.name).into());
        Ok(())
    }
}

impl Ingest for DomainBaseRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        builder.domain_bases.insert(self.oid, self.base);
        Ok(())
    }
}
