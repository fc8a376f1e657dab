//! Changing domains: everything but the base type.

use crate::ident::{ident, qualified};
use crate::model::{Domain, DomainCheck, Object};
use crate::plan::alter::{Alter, How, Sides};
use crate::plan::lookup::By;
use crate::plan::shared;
use crate::plan::step::{Hazard, Statement};

fn differs(old: &DomainCheck, new: &DomainCheck) -> bool {
    crate::diff::expression(&old.expression) != crate::diff::expression(&new.expression)
        || (new.not_valid && !old.not_valid)
}

impl Alter for Domain {
    fn how(&self, new: &Self, _sides: &Sides<'_>) -> How {
        if self.base_type != new.base_type || self.collation != new.collation { How::Swap } else { How::Alter }
    }

    fn alter(&self, new: &Self, sides: &Sides<'_>, out: &mut Vec<Statement>) {
        let key = new.key();
        let name = qualified(&new.schema, &new.name);
        let alter = format!("ALTER DOMAIN {name}");
        let [olds, news] = [&self.checks, &new.checks].map(|checks| By::of(checks, |check| &*check.name));
        for check in &self.checks {
            let kept = news.get(&&*check.name).is_some_and(|other| !differs(check, other));
            if !kept {
                out.push(Statement::new(&key, format!("{alter} DROP CONSTRAINT {}", ident(&check.name))));
            }
        }
        if self.default.as_deref().map(crate::diff::expression) != new.default.as_deref().map(crate::diff::expression) {
            let action = new.default.as_ref().map_or("DROP DEFAULT".to_owned(), |text| format!("SET DEFAULT {text}"));
            out.push(Statement::new(&key, format!("{alter} {action}")));
        }
        match (&self.not_null, &new.not_null) {
            (Some(_), None) => out.push(Statement::new(&key, format!("{alter} DROP NOT NULL"))),
            (None, Some(_)) => {
                let statement = Statement::new(&key, format!("{alter} SET NOT NULL"));
                out.push(statement.hazard(Hazard::MayFailOnData).hazard(Hazard::FullTableScan).slow());
            }
            _ => {}
        }
        for check in &new.checks {
            let target = format!("CONSTRAINT {} ON DOMAIN {name}", ident(&check.name));
            let old = olds.get(&&*check.name).filter(|old| !differs(old, check));
            match old {
                Some(old) => {
                    if old.not_valid && !check.not_valid {
                        let sql = format!("{alter} VALIDATE CONSTRAINT {}", ident(&check.name));
                        out.push(Statement::new(&key, sql).hazard(Hazard::FullTableScan).slow());
                    }
                    shared::comment(&key, &target, old.comment.as_deref(), check.comment.as_deref(), sides, out);
                }
                None => {
                    let clause = crate::ddl::domain::constraint(check);
                    let not_valid = if check.not_valid { " NOT VALID" } else { "" };
                    let statement = Statement::new(&key, format!("{alter} ADD {clause}{not_valid}"));
                    out.push(statement.hazard(Hazard::MayFailOnData).hazard(Hazard::FullTableScan).slow());
                    shared::comment(&key, &target, None, check.comment.as_deref(), sides, out);
                }
            }
        }
    }
}
