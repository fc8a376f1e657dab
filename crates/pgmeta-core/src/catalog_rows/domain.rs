//! Rows of domains and their constraints.

use crate::catalog_rows::Ingest;
use crate::catalog_rows::builder::{Address, Builder};
use crate::catalog_rows::class;
use crate::catalog_rows::types::qualified_name;
use crate::cells::{AclItem, RowError};
use crate::ident::Name;
use crate::model::{Domain, DomainCheck, DomainNotNull, Object};

row! {
    pub struct DomainRow = "domains" of TYPE {
        oid: u32, schema: u32, name: Name, owner: u32, acl: Option<Vec<AclItem>>, array_type: u32, base_type: Name,
        collation_schema: Option<u32>, collation: Option<Name>, default: Option<String>, not_null: bool,
    }
}
row! {
    pub struct DomainConstraintRow = "domain_constraints" of CONSTRAINT {
        oid: u32, domain: u32, name: Name, not_null: bool, validated: bool, expression: Option<String>,
    }
}

impl Ingest for DomainRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        if builder.is_member(class::TYPE, self.oid) {
            return Ok(());
        }
        let mut domain = Domain {
            schema: builder.names.schema(self.schema)?,
            name: self.name,
            base_type: self.base_type,
            collation: qualified_name(builder, self.collation_schema, self.collation)?,
            default: self.default,
            not_null: self.not_null.then(DomainNotNull::default),
            ..Domain::default()
        };
        builder.describe(&mut domain, Address::of(class::TYPE, self.oid), Some(self.owner), self.acl)?;
        builder.provide(class::TYPE, self.array_type, domain.key());
        builder.domain_at.insert(self.oid, builder.model.domains.len());
        builder.model.domains.push(domain);
        Ok(())
    }
}

impl Ingest for DomainConstraintRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        let Some(&at) = builder.domain_at.get(&self.domain) else {
            return Ok(());
        };
        let comment = builder.take_comment(Address::of(class::CONSTRAINT, self.oid));
        let domain = &mut builder.model.domains[at];
        if self.not_null {
            let name = (self.name != domain.default_not_null_name()).then_some(self.name);
            domain.not_null = Some(DomainNotNull { name, comment });
            return Ok(());
        }
        let expression =
            self.expression.ok_or_else(|| RowError::ConcurrentChange(format!("constraint {}", self.name)))?;
        let check =
            DomainCheck { name: self.name, expression, not_valid: !self.validated, comment, depends_on: Vec::new() };
        let position = domain.checks.partition_point(|other| other.name < check.name);
        domain.checks.insert(position, check);
        let key = domain.check_key(position);
        builder.provide(class::CONSTRAINT, self.oid, key);
        Ok(())
    }
}
