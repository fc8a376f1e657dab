//! Rows of rules.

use crate::catalog_rows::Ingest;
use crate::catalog_rows::builder::{Address, Builder};
use crate::catalog_rows::class;
use crate::catalog_rows::trigger::relation_kind;
use crate::cells::RowError;
use crate::ident::Name;
use crate::model::{Firing, Rule};

row! {
    pub struct RuleRow = "rules" of REWRITE {
        oid: u32, relation: u32, relation_kind: u8, name: Name, firing: u8, is_query: bool, definition: Option<String>,
    }
}

impl Ingest for RuleRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        if builder.is_left_out(class::CLASS, self.relation) {
            return Ok(());
        }
        let relation = builder.names.relation(self.relation)?.clone();
        let address = Address::of(class::REWRITE, self.oid);
        let mut rule = Rule {
            schema: relation.schema,
            table: relation.name,
            name: self.name,
            on: relation_kind(self.relation_kind)?,
            firing: Firing::from_code(self.firing)?,
            on_member_of: builder.extension_of(class::CLASS, self.relation).cloned(),
            ..Rule::default()
        };
        if self.is_query {
            // Dependents of the rule depend on its view, which stays registered for it.
            rule.comment = builder.take_comment(address);
        } else {
            let vanished = || RowError::ConcurrentChange(format!("rule \"{}\"", rule.name));
            let definition = self.definition.ok_or_else(vanished)?;
            rule.definition = Some(definition.strip_suffix(';').unwrap_or(&definition).to_owned());
            builder.describe(&mut rule, address, None, None)?;
        }
        builder.model.rules.push(rule);
        Ok(())
    }
}
