//! Rows of policies.

use crate::catalog_rows::Ingest;
use crate::catalog_rows::builder::{Address, Builder};
use crate::catalog_rows::class;
use crate::cells::RowError;
use crate::ident::Name;
use crate::model::{Policy, PolicyCommand};

row! {
    pub struct PolicyRow = "policies" of POLICY {
        oid: u32, relation: u32, name: Name, permissive: bool, command: u8, roles: Vec<u32>,
        has_using: bool, has_check: bool, using_text: Option<String>, check_text: Option<String>,
    }
}

impl Ingest for PolicyRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        if self.has_using != self.using_text.is_some() || self.has_check != self.check_text.is_some() {
            return Err(RowError::ConcurrentChange(format!("policy \"{}\"", self.name)));
        }
        if builder.is_left_out(class::CLASS, self.relation) {
            return Ok(());
        }
        let relation = builder.names.relation(self.relation)?.clone();
        // 0 means PUBLIC, and is then the only element.
        let roles = self.roles.iter().filter(|&&oid| oid != 0);
        let mut roles = roles.map(|&oid| builder.names.role(oid)).collect::<Result<Vec<Name>, _>>()?;
        roles.sort();
        let mut policy = Policy {
            schema: relation.schema,
            table: relation.name,
            name: self.name,
            restrictive: !self.permissive,
            command: PolicyCommand::from_code(self.command)?,
            roles,
            using: self.using_text,
            with_check: self.check_text,
            on_member_of: builder.extension_of(class::CLASS, self.relation).cloned(),
            ..Policy::default()
        };
        builder.describe(&mut policy, Address::of(class::POLICY, self.oid), None, None)?;
        builder.model.policies.push(policy);
        Ok(())
    }
}
