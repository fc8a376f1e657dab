//! Names of not-null constraints (of columns since PostgreSQL 18, of domains since 17): they stay when the table, column or domain in
//! them is renamed. Renames nothing else.

use crate::ident::Name;
use crate::interrupt::check;
use crate::model::{Model, NotNull};

/// Sets the names that are no longer the server's default, and removes those that have become it. `renamed` has the objects of `old`
/// in the same order.
pub fn keep_names(old: &Model, renamed: &mut Model) {
    let version = old.server_version_num;
    let tables = old.tables.iter().zip(&mut renamed.tables).filter(|_| version >= 180_000);
    for (old, new) in tables {
        for (was, is) in old.columns.iter().zip(&mut new.columns) {
            check();
            let default = NotNull::default_name(&new.name, &is.name);
            if let Some(constraint) = is.not_null.as_deref_mut() {
                keep(NotNull::default_name(&old.name, &was.name), default, &mut constraint.name);
            }
        }
    }
    let domains = old.domains.iter().zip(&mut renamed.domains).filter(|_| version >= 170_000);
    for (old, new) in domains {
        check();
        let default = new.default_not_null_name();
        if let Some(constraint) = new.not_null.as_mut() {
            keep(old.default_not_null_name(), default, &mut constraint.name);
        }
    }
}

fn keep(was: Name, is: Name, name: &mut Option<Name>) {
    let own = name.take().unwrap_or(was);
    *name = (own != is).then_some(own);
}
