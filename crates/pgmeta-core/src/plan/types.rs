//! Changing types: enum labels come, attributes of composite types come and go; the rest swaps types.

use crate::ident::{Name, ident, literal, qualified};
use crate::model::{Attribute, Object, Type};
use crate::plan::alter::{Alter, How, Sides};
use crate::plan::lookup::By;
use crate::plan::shared;
use crate::plan::step::{Hazard, LockLevel, Run, Statement};

impl Alter for Type {
    fn how(&self, new: &Self, _sides: &Sides<'_>) -> How {
        match (&self.enum_labels, &new.enum_labels, &self.attributes, &new.attributes) {
            (Some(old), Some(new), ..) if is_subsequence(old, new) => How::Alter,
            (.., Some(_), Some(_)) => How::Alter,
            _ if self.base.is_some() && new.base.is_some() => How::Replace,
            // A range type differs only in what its multirange says of itself.
            _ if self.range.is_some() && same_range(self, new) => How::Alter,
            _ => How::Swap,
        }
    }

    fn alter(&self, new: &Self, sides: &Sides<'_>, out: &mut Vec<Statement>) {
        if let (Some(old), Some(labels)) = (&self.enum_labels, &new.enum_labels) {
            add_labels(self, old, labels, out);
        }
        if let (Some(old), Some(attributes)) = (&self.attributes, &new.attributes) {
            change_attributes(new, old, attributes, sides, out);
        }
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

/// Returns whether the labels that were there are there in the same order.
fn is_subsequence(old: &[Name], new: &[Name]) -> bool {
    let mut rest = new.iter();
    old.iter().all(|label| rest.any(|other| other == label))
}

fn add_labels(object: &Type, old: &[Name], new: &[Name], out: &mut Vec<Statement>) {
    let name = qualified(&object.schema, &object.name);
    let olds = By::of(old, |label| label);
    for (at, label) in new.iter().enumerate().filter(|(_, label)| !olds.has(label)) {
        // What stands before it is there by then.
        let place = match at.checked_sub(1).and_then(|before| new.get(before)) {
            Some(before) => format!(" AFTER {}", literal(before)),
            None => old.first().map_or_else(String::new, |first| format!(" BEFORE {}", literal(first))),
        };
        let sql = format!("ALTER TYPE {name} ADD VALUE {}{place}", literal(label));
        let why = "a new label can be used only when it has been committed";
        out.push(Statement::new(&object.key(), sql).run(Run::Alone).reason(why));
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
