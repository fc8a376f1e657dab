//! Changing policies: roles and expressions can change, command and kind cannot.

use crate::ddl::Render;
use crate::ident::ident_list;
use crate::model::{Object, Policy};
use crate::plan::alter::{Alter, Sides, Strategy};
use crate::plan::step::{Hazard, LockLevel, Statement};

impl Alter for Policy {
    fn strategy(&self, new: &Self, _sides: &Sides<'_>) -> Strategy {
        // ALTER POLICY can change an expression, but not remove it.
        let lost =
            (self.using.is_some() && new.using.is_none()) || (self.with_check.is_some() && new.with_check.is_none());
        let fixed = self.command != new.command || self.restrictive != new.restrictive;
        if fixed || lost || self.on_member_of != new.on_member_of { Strategy::Replace } else { Strategy::Alter }
    }

    fn alter(&self, new: &Self, _sides: &Sides<'_>, out: &mut Vec<Statement>) {
        let mut sql = format!("ALTER {}", new.target());
        let bare = sql.len();
        if self.roles != new.roles {
            let roles = if new.roles.is_empty() { "PUBLIC".to_owned() } else { ident_list(&new.roles) };
            sql += &format!(" TO {roles}");
        }
        for (words, was, is) in [("USING", &self.using, &new.using), ("WITH CHECK", &self.with_check, &new.with_check)]
        {
            if let Some(text) = is
                && was.as_deref().map(crate::diff::expression) != Some(crate::diff::expression(text))
            {
                sql += &format!(" {words} ({text})");
            }
        }
        if sql.len() > bare {
            let statement = Statement::new(&new.key(), sql).lock(LockLevel::AccessExclusive);
            out.push(statement.hazard(Hazard::AuthzUpdate));
        }
    }
}
