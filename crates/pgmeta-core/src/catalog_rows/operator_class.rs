//! Rows of operator families, operator classes and their members.

use crate::catalog_rows::Ingest;
use crate::catalog_rows::builder::{Address, Builder};
use crate::catalog_rows::class;
use crate::catalog_rows::types::qualified_name;
use crate::cells::RowError;
use crate::ident::Name;
use crate::model::{FunctionMember, OperatorClass, OperatorFamily, OperatorMember, QualifiedName};

row! {
    pub struct OperatorFamilyRow = "operator_families" of OPFAMILY { oid: u32, method: Name, schema: u32, name: Name, owner: u32 }
}

row! {
    pub struct OperatorClassRow = "operator_classes" of OPCLASS {
        oid: u32, method: Name, schema: u32, name: Name, owner: u32, data_type: Name, family_schema: u32, family: Name,
        is_default: bool, storage: Option<Name>,
    }
}

row! {
    /// An operator or a support function.
    pub struct MemberRow = "operator_members" {
        class: u32, oid: u32, of_class: u32, of: u32, number: i16, left_type: Name, right_type: Name, sql: Name,
        order_by_schema: Option<u32>, order_by: Option<Name>,
    }
}

impl Ingest for OperatorFamilyRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        if builder.is_member(class::OPFAMILY, self.oid) {
            return Ok(());
        }
        let mut family = OperatorFamily {
            method: self.method,
            schema: builder.names.schema(self.schema)?,
            name: self.name,
            ..OperatorFamily::default()
        };
        builder.describe(&mut family, Address::of(class::OPFAMILY, self.oid), Some(self.owner), None)?;
        builder.operator_family_at.insert(self.oid, builder.model.operator_families.len());
        builder.model.operator_families.push(family);
        Ok(())
    }
}

impl Ingest for OperatorClassRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        if builder.is_member(class::OPCLASS, self.oid) {
            return Ok(());
        }
        let mut operator_class = OperatorClass {
            method: self.method,
            schema: builder.names.schema(self.schema)?,
            name: self.name,
            data_type: self.data_type,
            family: QualifiedName { schema: builder.names.schema(self.family_schema)?, name: self.family },
            default: self.is_default,
            storage: self.storage,
            ..OperatorClass::default()
        };
        builder.describe(&mut operator_class, Address::of(class::OPCLASS, self.oid), Some(self.owner), None)?;
        builder.operator_class_at.insert(self.oid, builder.model.operator_classes.len());
        builder.model.operator_classes.push(operator_class);
        Ok(())
    }
}

impl Ingest for MemberRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        let order_by = qualified_name(builder, self.order_by_schema, self.order_by)?;
        let (operators, functions) = if self.of_class == class::OPCLASS {
            let Some(&at) = builder.operator_class_at.get(&self.of) else {
                return Ok(());
            };
            let object = &mut builder.model.operator_classes[at];
            (&mut object.operators, &mut object.functions)
        } else {
            let Some(&at) = builder.operator_family_at.get(&self.of) else {
                return Ok(());
            };
            let object = &mut builder.model.operator_families[at];
            (&mut object.operators, &mut object.functions)
        };
        if self.class == class::AMOP {
            let member = OperatorMember { strategy: self.number, operator: self.sql, order_by };
            let order = |member: &OperatorMember| (member.strategy, member.operator.clone());
            let at = operators.partition_point(|other| order(other) < order(&member));
            operators.insert(at, member);
        } else {
            let (left, right) = (self.left_type, self.right_type);
            let member = FunctionMember { support: self.number, left, right, function: self.sql };
            let order = |member: &FunctionMember| (member.support, member.left.clone(), member.right.clone());
            let at = functions.partition_point(|other| order(other) < order(&member));
            functions.insert(at, member);
        }
        builder.alias(self.class, self.oid, (self.of_class, self.of));
        Ok(())
    }
}
