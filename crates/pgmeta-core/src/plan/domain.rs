//! Changing domains, except their base type; and checks of values that no ALTER DOMAIN reaches.

use rustc_hash::FxHashSet;

use crate::ident::{Name, ident, qualified};
use crate::interrupt::check;
use crate::model::{Column, Domain, DomainCheck, Object, ObjectKey, ObjectKind};
use crate::plan::alter::{Alter, Sides, Strategy};
use crate::plan::lookup::By;
use crate::plan::shared;
use crate::plan::step::{Hazard, LockLevel, Statement};

fn differs(old: &DomainCheck, new: &DomainCheck) -> bool {
    crate::diff::expression(&old.expression) != crate::diff::expression(&new.expression)
        || (new.not_valid && !old.not_valid)
}

/// Returns the names of a domain and of all domains based on it.
fn names(domain: &Domain, sides: &Sides<'_>) -> Vec<String> {
    let mut names = vec![qualified(&domain.schema, &domain.name)];
    let mut at = 0;
    while let Some(name) = names.get(at).cloned() {
        at += 1;
        let on = sides.old.model.domains.iter().inspect(|_| check()).filter(|other| *other.base_type == *name);
        let found: Vec<String> = on.map(|other| qualified(&other.schema, &other.name)).collect();
        names.extend(found.into_iter().filter(|found| !names.contains(found)).collect::<Vec<_>>());
    }
    names
}

/// Iterates over the columns whose values the server stores.
fn stored<'s>(sides: &'s Sides<'_>) -> impl Iterator<Item = &'s Column> {
    let model = sides.old.model;
    let tables = model.tables.iter().inspect(|_| check()).filter(|table| table.foreign.is_none());
    let views = model.materialized_views.iter().inspect(|_| check());
    tables.map(|table| &table.columns).chain(views.map(|view| &view.columns)).flatten().map(|column| &**column)
}

/// Returns whether columns have the domain as type, directly or through other domains.
fn is_used(domain: &Domain, sides: &Sides<'_>) -> bool {
    let names = names(domain, sides);
    stored(sides).any(|column| names.iter().any(|name| *column.data_type == **name))
}

/// Returns whether columns store values that contain values of the domain, which no ALTER DOMAIN reaches.
pub fn is_stored_within(domain: &Domain, sides: &Sides<'_>) -> bool {
    let model = sides.old.model;
    let bare: FxHashSet<String> = names(domain, sides).into_iter().collect();
    let own = |key: &ObjectKey| key.kind == ObjectKind::Type && bare.contains(&key.identity());
    let mut within: FxHashSet<ObjectKey> = FxHashSet::default();
    loop {
        let holds = |needs: &[ObjectKey]| needs.iter().any(|key| own(key) || within.contains(key));
        let types = model.types.iter().inspect(|_| check()).filter(|object| holds(&object.depends_on)).map(Object::key);
        let domains = model
            .domains
            .iter()
            .inspect(|_| check())
            .filter(|other| holds(&other.depends_on))
            .map(Object::key)
            .filter(|key| !own(key));
        let tables = model.tables.iter().inspect(|_| check()).filter(|table| holds(&table.depends_on)).map(Object::key);
        let found: Vec<ObjectKey> = types.chain(domains).chain(tables).filter(|key| !within.contains(key)).collect();
        if found.is_empty() {
            break;
        }
        within.extend(found);
    }
    let mut names: FxHashSet<String> = within.iter().map(ObjectKey::identity).collect();
    let ranges =
        model.types.iter().filter(|object| within.contains(&object.key())).filter_map(|object| object.range.as_ref());
    names.extend(ranges.map(|range| qualified(&range.multirange.schema, &range.multirange.name)));
    stored(sides).any(|column| match column.data_type.strip_suffix("[]") {
        Some(element) => bare.contains(element) || names.contains(element),
        None => names.contains(&*column.data_type),
    })
}

/// Returns whether the change checks stored values.
fn checks_values(old: &Domain, new: &Domain) -> bool {
    let olds = By::of(&old.checks, |check| &*check.name);
    let known = |check: &DomainCheck| {
        olds.get(&&*check.name).is_some_and(|was| !differs(was, check) && (check.not_valid || !was.not_valid))
    };
    let added = new.checks.iter().any(|check| !check.not_valid && !known(check));
    added || (old.not_null.is_none() && new.not_null.is_some())
}

impl Alter for Domain {
    fn strategy(&self, new: &Self, sides: &Sides<'_>) -> Strategy {
        let other = self.base_type != new.base_type || self.collation != new.collation;
        if other || (checks_values(self, new) && is_stored_within(self, sides)) {
            Strategy::RecreateType
        } else {
            Strategy::Alter
        }
    }

    fn alter(&self, new: &Self, sides: &Sides<'_>, out: &mut Vec<Statement>) {
        let key = new.key();
        let name = qualified(&new.schema, &new.name);
        let alter = format!("ALTER DOMAIN {name}");
        let [olds, news] = [&self.checks, &new.checks].map(|checks| By::of(checks, |check| &*check.name));
        let used = is_used(self, sides);
        // The server reads all tables that use the domain.
        let checked = |statement: Statement| {
            if !used {
                return statement;
            }
            let statement = statement.lock(LockLevel::Share).hazard(Hazard::FullTableScan).slow();
            statement.hazard(Hazard::MayFailOnData)
        };
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
                out.push(checked(Statement::new(&key, format!("{alter} SET NOT NULL"))));
            }
            (Some(was), Some(is)) => {
                let own_name = |own: &Option<Name>| own.clone().unwrap_or_else(|| new.default_not_null_name());
                let [before, after] = [&was.name, &is.name].map(own_name);
                if before != after {
                    let names = format!("{} TO {}", ident(&before), ident(&after));
                    out.push(Statement::new(&key, format!("{alter} RENAME CONSTRAINT {names}")));
                }
                let target = format!("CONSTRAINT {} ON DOMAIN {name}", ident(&after));
                shared::comment(&key, &target, was.comment.as_deref(), is.comment.as_deref(), sides, out);
            }
            (None, None) => {}
        }
        for check in &new.checks {
            let target = format!("CONSTRAINT {} ON DOMAIN {name}", ident(&check.name));
            let old = olds.get(&&*check.name).filter(|old| !differs(old, check));
            match old {
                Some(old) => {
                    if old.not_valid && !check.not_valid {
                        let sql = format!("{alter} VALIDATE CONSTRAINT {}", ident(&check.name));
                        out.push(checked(Statement::new(&key, sql)));
                    }
                    shared::comment(&key, &target, old.comment.as_deref(), check.comment.as_deref(), sides, out);
                }
                None => {
                    let clause = crate::ddl::domain::constraint(check);
                    let not_valid = if check.not_valid { " NOT VALID" } else { "" };
                    let statement = Statement::new(&key, format!("{alter} ADD {clause}{not_valid}"));
                    out.push(if check.not_valid { statement } else { checked(statement) });
                    shared::comment(&key, &target, None, check.comment.as_deref(), sides, out);
                }
            }
        }
    }
}
