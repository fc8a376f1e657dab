//! Changing types: enums get labels, composite types get and lose attributes; any other change recreates the type.

use rustc_hash::FxHashSet;

use crate::ident::{Name, ident, literal, qualified};
use crate::interrupt::check;
use crate::model::{Attribute, Object, ObjectKey, ObjectRef, Type, each_need};
use crate::plan::alter::{Alter, Sides, Strategy};
use crate::plan::lookup::By;
use crate::plan::shared;
use crate::plan::step::{Hazard, LockLevel, Run, Statement};

impl Alter for Type {
    fn strategy(&self, new: &Self, sides: &Sides<'_>) -> Strategy {
        match (&self.enum_labels, &new.enum_labels, &self.attributes, &new.attributes) {
            (Some(old), Some(new), ..) if is_subsequence(old, new) => Strategy::Alter,
            // The option `drops` protects labels, too.
            (Some(old), Some(new), ..) if !sides.options.drops && lost_labels(old, new).next().is_some() => {
                Strategy::Alter
            }
            (.., Some(old), Some(attributes)) if retypes(old, attributes) && has_values(&self.key(), sides) => {
                Strategy::RecreateType
            }
            (.., Some(_), Some(_)) => Strategy::Alter,
            _ if self.base.is_some() && new.base.is_some() => Strategy::Replace,
            // Two range types may differ only in the attributes of their multirange.
            _ if self.range.is_some() && same_range(self, new) => Strategy::Alter,
            _ => Strategy::RecreateType,
        }
    }

    fn alter(&self, new: &Self, sides: &Sides<'_>, out: &mut Vec<Statement>) {
        if let (Some(old), Some(labels)) = (&self.enum_labels, &new.enum_labels) {
            let lost: Vec<&Name> = lost_labels(old, labels).collect();
            if lost.is_empty() {
                add_labels(self, old, labels, out);
            } else {
                // The lost labels stay in place, and new ones are added at the end.
                let mut kept = old.clone();
                kept.extend(lost_labels(labels, old).cloned());
                add_labels(self, old, &kept, out);
            }
            let name = qualified(&self.schema, &self.name);
            let left = |label: &&Name| {
                Statement::left_out(&self.key(), &format!("ALTER TYPE {name} DROP VALUE {}", literal(label)))
            };
            out.extend(lost.iter().map(left));
        }
        if let (Some(old), Some(attributes)) = (&self.attributes, &new.attributes) {
            change_attributes(new, old, attributes, sides, out);
        }
        if let (Some(old), Some(range)) = (&self.range, &new.range) {
            let (key, old, new) = (new.key(), &old.multirange, &range.multirange);
            let target = format!("TYPE {}", qualified(&new.schema, &new.name));
            shared::comment(&key, &target, old.comment.as_deref(), new.comment.as_deref(), sides, out);
            shared::labels(&key, &target, &old.security_labels, &new.security_labels, sides, out);
        }
    }
}

/// Returns whether an attribute that both have gets another type.
fn retypes(old: &[Attribute], new: &[Attribute]) -> bool {
    let news = By::of(new, |attribute| &attribute.name);
    let differs = |was: &Attribute, is: &Attribute| was.data_type != is.data_type || was.collation != is.collation;
    old.iter().any(|was| news.get(&&was.name).is_some_and(|is| differs(was, is)))
}

/// Returns whether columns or expressions contain values of a type, also inside of other values: its attributes then cannot change.
fn has_values(own: &ObjectKey, sides: &Sides<'_>) -> bool {
    let model = sides.old.model;
    let mut holders = vec![own.clone()];
    let mut known: FxHashSet<ObjectKey> = holders.iter().cloned().collect();
    while let Some(held) = holders.pop() {
        let holds = |needs: &[ObjectKey]| needs.contains(&held);
        let says = |object: ObjectRef<'_>| {
            let mut found = false;
            each_need(object, &mut |needed| found |= needed == held);
            found && has_constants(object)
        };
        if model.objects().inspect(|_| check()).any(says) {
            return true;
        }
        let types = model.types.iter().filter(|object| holds(&object.depends_on)).map(Object::key);
        let domains = model.domains.iter().filter(|domain| holds(&domain.depends_on)).map(Object::key);
        holders.extend(types.chain(domains).filter(|key| known.insert(key.clone())));
    }
    false
}

/// Returns whether an object may contain values of a type. A function that only accepts and returns them does not.
fn has_constants(object: ObjectRef<'_>) -> bool {
    if let ObjectRef::Function(function) = object {
        function.sql_body.is_some() || function.arguments.iter().any(|argument| argument.default.is_some())
    } else if let ObjectRef::Domain(domain) = object {
        domain.default.is_some() || !domain.checks.is_empty()
    } else {
        object.may_cast()
    }
}

fn same_range(old: &Type, new: &Type) -> bool {
    let bare = |object: &Type| {
        object.range.clone().map(|mut range| {
            range.multirange.comment = None;
            range.multirange.privileges = None;
            range.multirange.security_labels.clear();
            range
        })
    };
    bare(old) == bare(new)
}

/// Returns the labels of one list that another one lacks.
fn lost_labels<'l>(old: &'l [Name], new: &'l [Name]) -> impl Iterator<Item = &'l Name> {
    let news = By::of(new, |label| label);
    old.iter().filter(move |label| !news.has(label))
}

/// Returns whether the new labels contain the old ones in the same order.
fn is_subsequence(old: &[Name], new: &[Name]) -> bool {
    let mut rest = new.iter();
    old.iter().all(|label| rest.any(|other| other == label))
}

fn add_labels(object: &Type, old: &[Name], new: &[Name], out: &mut Vec<Statement>) {
    let name = qualified(&object.schema, &object.name);
    let olds = By::of(old, |label| label);
    for (at, label) in new.iter().enumerate().filter(|(_, label)| !olds.has(label)) {
        // The label before it exists already.
        let place = match at.checked_sub(1).and_then(|before| new.get(before)) {
            Some(before) => format!(" AFTER {}", literal(before)),
            None => old.first().map_or_else(String::new, |first| format!(" BEFORE {}", literal(first))),
        };
        let sql = format!("ALTER TYPE {name} ADD VALUE {}{place}", literal(label));
        let why = "a new label can be used only after a commit";
        out.push(Statement::new(&object.key(), sql).run(Run::Alone).adds().reason(why));
    }
}

fn change_attributes(object: &Type, old: &[Attribute], new: &[Attribute], sides: &Sides<'_>, out: &mut Vec<Statement>) {
    let key = object.key();
    let name = qualified(&object.schema, &object.name);
    let collation = |attribute: &Attribute| {
        attribute.collation.as_ref().map_or_else(String::new, |name| format!(" COLLATE {}", name.sql()))
    };
    let [olds, news] = [old, new].map(|list| By::of(list, |attribute| &attribute.name));
    for attribute in old.iter().filter(|attribute| !news.has(&&attribute.name)) {
        let sql = format!("ALTER TYPE {name} DROP ATTRIBUTE {}", ident(&attribute.name));
        if !sides.options.drops {
            out.push(Statement::left_out(&key, &sql));
            continue;
        }
        out.push(Statement::new(&key, sql).hazard(Hazard::DeletesData));
    }
    for attribute in new {
        let own = ident(&attribute.name);
        let was = olds.get(&&attribute.name);
        match was {
            None => {
                let sql =
                    format!("ALTER TYPE {name} ADD ATTRIBUTE {own} {}{}", attribute.data_type, collation(attribute));
                out.push(Statement::new(&key, sql).lock(LockLevel::AccessExclusive));
            }
            Some(was) if was.data_type != attribute.data_type || was.collation != attribute.collation => {
                let sql = format!(
                    "ALTER TYPE {name} ALTER ATTRIBUTE {own} TYPE {}{}",
                    attribute.data_type,
                    collation(attribute)
                );
                out.push(Statement::new(&key, sql).lock(LockLevel::AccessExclusive));
            }
            Some(_) => {}
        }
        let target = format!("COLUMN {name}.{own}");
        let (old, labels) = was.map_or((None, &[][..]), |was| (was.comment.as_deref(), &was.security_labels[..]));
        shared::comment(&key, &target, old, attribute.comment.as_deref(), sides, out);
        shared::labels(&key, &target, labels, &attribute.security_labels, sides, out);
    }
}
