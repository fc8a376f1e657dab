//! Types that tables use and no ALTER can change: the old one goes aside, columns go over to the new one.

use rustc_hash::FxHashSet;

use crate::ddl::fingerprint;
use crate::ident::{Name, ident, qualified};
use crate::interrupt::check;
use crate::model::{ObjectRef, Table};
use crate::plan::alter::Sides;
use crate::plan::column::sets_default;
use crate::plan::step::{Hazard, LockLevel, Statement};

/// Returns the name that what is replaced has for a while.
pub fn former(name: &str) -> String {
    let hash = fingerprint(name);
    format!("{}_{}_old", name.chars().take(30).collect::<String>(), &hash[..8])
}

fn name_of(object: ObjectRef<'_>) -> (Name, Name, &'static str) {
    match object {
        ObjectRef::Domain(domain) => (domain.schema.clone(), domain.name.clone(), "DOMAIN"),
        ObjectRef::Type(object) => (object.schema.clone(), object.name.clone(), "TYPE"),
        other => (Name::from(""), Name::from(other.object().key().name()), "TYPE"),
    }
}

/// Returns the statement that puts the old type aside.
pub fn aside(object: ObjectRef<'_>) -> Statement {
    let (schema, name, word) = name_of(object);
    let sql = format!("ALTER {word} {} RENAME TO {}", qualified(&schema, &name), ident(&former(&name)));
    Statement::new(&object.object().key(), sql).reason("no ALTER makes this change; columns go over to a new type")
}

/// Returns the statement that drops what was put aside.
pub fn away(object: ObjectRef<'_>) -> Statement {
    let (schema, name, word) = name_of(object);
    Statement::new(&object.object().key(), format!("DROP {word} {}", qualified(&schema, &former(&name))))
}

/// Appends the statements that take columns over to the new types. `suspended` tells by a column's old position whether its
/// default is away already.
pub fn columns(
    old: &Table,
    new: &Table,
    swapped: &FxHashSet<String>,
    sides: &Sides<'_>,
    suspended: &dyn Fn(usize) -> bool,
    out: &mut Vec<Statement>,
) {
    if swapped.is_empty() {
        return;
    }
    let table = qualified(&new.schema, &new.name);
    for column in &new.columns {
        check();
        // What follows a type's name: `[]`, `(10)`.
        let ends = column.data_type.match_indices(['[', '(']).map(|(end, _)| end);
        let of_swapped = ends.chain([column.data_type.len()]).any(|end| swapped.contains(&column.data_type[..end]));
        let Some(position) = sides.old.position(old, &column.name) else { continue };
        let was = &old.columns[position];
        if !of_swapped || column.inherited || was.data_type != column.data_type {
            continue;
        }
        let key = new.object_key();
        let name = ident(&column.name);
        let exclusive = |sql: String| Statement::new(&key, sql).lock(LockLevel::AccessExclusive);
        let default = was.default.as_ref().filter(|_| was.generated.is_none() && !suspended(position));
        if default.is_some() {
            out.push(exclusive(format!("ALTER TABLE {table} ALTER COLUMN {name} DROP DEFAULT")));
        }
        let using = format!("{name}::text::{}", column.data_type);
        let sql = format!("ALTER TABLE {table} ALTER COLUMN {name} TYPE {} USING {using}", column.data_type);
        out.push(exclusive(sql).rewrites(key.identity()).hazard(Hazard::MayFailOnData));
        let again = column.default.as_ref().filter(|_| default.is_some() && !sets_default(was, column));
        if let Some(default) = again {
            out.push(exclusive(format!("ALTER TABLE {table} ALTER COLUMN {name} SET DEFAULT {default}")));
        }
    }
}
