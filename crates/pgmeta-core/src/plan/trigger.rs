//! Changing triggers and event triggers: their state can change, the rest is recreated.

use crate::ddl::trigger::{firing_words, statement as create_trigger};
use crate::ident::{ident, qualified};
use crate::model::{EventTrigger, Firing, Object, ObjectRef, Trigger};
use crate::plan::alter::{Alter, Sides, Strategy};
use crate::plan::step::{LockLevel, Statement};

impl Alter for Trigger {
    fn strategy(&self, new: &Self, _sides: &Sides<'_>) -> Strategy {
        // With the new firing state, nothing else may differ.
        let mut same = Trigger { firing: new.firing, ..self.clone() };
        if let (Some(one), Some(other)) = (&mut same.constraint, &new.constraint) {
            one.comment.clone_from(&other.comment);
        }
        let own = |trigger| crate::diff::normalized_attributes(ObjectRef::Trigger(trigger));
        if own(&same) == own(new) { Strategy::Alter } else { Strategy::Replace }
    }

    fn alter(&self, new: &Self, sides: &Sides<'_>, out: &mut Vec<Statement>) {
        let key = new.key();
        let (table, name) = (qualified(&new.schema, &new.table), ident(&new.name));
        let replaces = self.strategy(new, sides) == Strategy::Replace;
        if replaces {
            out.push(Statement::new(&key, create_trigger(new, true)).lock(LockLevel::ShareRowExclusive));
        }
        // A replaced trigger fires like a new one.
        let firing = if replaces { Firing::Origin } else { self.firing };
        if firing != new.firing {
            let sql = format!("ALTER TABLE {table} {} TRIGGER {name}", firing_words(new.firing));
            out.push(Statement::new(&key, sql).lock(LockLevel::ShareRowExclusive));
        }
        if let (Some(was), Some(is)) = (&self.constraint, &new.constraint) {
            let target = format!("CONSTRAINT {name} ON {table}");
            let (was, is) = (was.comment.as_deref(), is.comment.as_deref());
            crate::plan::shared::comment(&key, &target, was, is, sides, out);
        }
    }
}

impl Alter for EventTrigger {
    fn strategy(&self, new: &Self, _sides: &Sides<'_>) -> Strategy {
        let same = EventTrigger { firing: new.firing, ..self.clone() };
        let own = |trigger| crate::diff::normalized_attributes(ObjectRef::EventTrigger(trigger));
        if own(&same) == own(new) { Strategy::Alter } else { Strategy::Replace }
    }

    fn alter(&self, new: &Self, _sides: &Sides<'_>, out: &mut Vec<Statement>) {
        if self.firing != new.firing {
            let sql = format!("ALTER EVENT TRIGGER {} {}", ident(&new.name), firing_words(new.firing));
            out.push(Statement::new(&new.key(), sql));
        }
    }
}
