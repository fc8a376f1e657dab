//! Parts of ALTER statements that several kinds share: the beginning, storage parameters, options of foreign objects.

use crate::ddl::settings::parameter_value;
use crate::ident::{ident, qualified};
use crate::model::{MASK, ObjectKey, Setting, Table};
use crate::plan::lookup::By;
use crate::plan::step::{LockLevel, Statement};

/// Returns `ALTER TABLE x`, which applies to children, too.
pub fn relation(table: &Table) -> String {
    format!("ALTER {} {}", table.keyword(), qualified(&table.schema, &table.name))
}

/// Appends SET and RESET for the storage parameters that change.
pub fn parameters(
    key: &ObjectKey,
    alter: &str,
    prefix: &str,
    old: &[Setting],
    new: &[Setting],
    out: &mut Vec<Statement>,
) {
    let [olds, news] = [old, new].map(|list| By::of(list, |option| &option.name));
    let gone = old.iter().filter(|option| !news.has(&&option.name));
    let gone: Vec<String> = gone.map(|option| format!("{prefix}{}", ident(&option.name))).collect();
    let set = new.iter().filter(|option| olds.get(&&option.name) != Some(option));
    let set: Vec<String> =
        set.map(|option| format!("{prefix}{}={}", ident(&option.name), parameter_value(&option.value))).collect();
    for (word, list) in [("RESET", gone), ("SET", set)] {
        if !list.is_empty() {
            let sql = format!("{alter} {word} ({})", list.join(", "));
            out.push(Statement::new(key, sql).lock(LockLevel::ShareUpdateExclusive));
        }
    }
}

/// Returns the contents of OPTIONS (…) for the changed options of a foreign object.
pub fn option_changes(old: &[Setting], new: &[Setting]) -> Option<String> {
    let mut changes = Vec::new();
    let [olds, news] = [old, new].map(|list| By::of(list, |option| &option.name));
    for option in new {
        let value = crate::ident::literal(&option.value);
        match olds.get(&&option.name) {
            None => changes.push(format!("ADD {} {value}", ident(&option.name))),
            // A masked value is unknown, and the existing value may be right.
            Some(other) if other.value != option.value && !option.value.contains(MASK) => {
                changes.push(format!("SET {} {value}", ident(&option.name)));
            }
            Some(_) => {}
        }
    }
    let gone = old.iter().filter(|option| !news.has(&&option.name));
    changes.extend(gone.map(|option| format!("DROP {}", ident(&option.name))));
    (!changes.is_empty()).then(|| changes.join(", "))
}
