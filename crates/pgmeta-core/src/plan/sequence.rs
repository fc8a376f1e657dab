//! Changing sequences, those of identity columns too.

use crate::ddl::Part;
use crate::ident::{ident, qualified};
use crate::model::{Object, Sequence};
use crate::plan::alter::{Alter, How, Sides};
use crate::plan::step::{LockLevel, Statement};

impl Alter for Sequence {
    fn how(&self, _new: &Self, _sides: &Sides<'_>) -> How {
        // A column that becomes an identity column, or stops being one, sees to its sequence.
        How::Alter
    }

    fn alter(&self, new: &Self, sides: &Sides<'_>, out: &mut Vec<Statement>) {
        let key = new.key();
        let name = qualified(&new.schema, &new.name);
        if self.identity && !new.identity {
            // It went with the identity.
            let mut script = crate::ddl::Script::default();
            crate::ddl::Render::create(new, sides.new, &mut script);
            out.extend(script.into_statements().into_iter().map(|sql| Statement::new(&key, sql)));
            return;
        }
        if self.identity != new.identity {
            return;
        }
        let mut changes = Vec::new();
        if self.data_type != new.data_type {
            changes.push(format!("AS {}", new.data_type));
        }
        let numbers = [
            (self.start, new.start, "START WITH"),
            (self.increment, new.increment, "INCREMENT BY"),
            (self.min, new.min, "MINVALUE"),
            (self.max, new.max, "MAXVALUE"),
            (self.cache, new.cache, "CACHE"),
        ];
        // A change of type moves the bounds unless they are said.
        let bounds = self.data_type != new.data_type;
        for (was, is, words) in numbers {
            if was != is || (bounds && matches!(words, "MINVALUE" | "MAXVALUE")) {
                changes.push(format!("{words} {is}"));
            }
        }
        if self.cycle != new.cycle {
            changes.push(if new.cycle { "CYCLE" } else { "NO CYCLE" }.to_owned());
        }
        if !changes.is_empty() {
            let sql = format!("ALTER SEQUENCE {name} {}", changes.join(" "));
            out.push(Statement::new(&key, sql).lock(LockLevel::ShareRowExclusive));
        }
        if self.unlogged != new.unlogged {
            let word = if new.unlogged { "UNLOGGED" } else { "LOGGED" };
            out.push(Statement::new(&key, format!("ALTER SEQUENCE {name} SET {word}")));
        }
        if self.owned_by != new.owned_by && new.owned_by.is_none() {
            out.push(Statement::new(&key, format!("ALTER SEQUENCE {name} OWNED BY NONE")));
        }
    }

    fn alter_part(&self, new: &Self, part: Part, _sides: &Sides<'_>, out: &mut Vec<Statement>) {
        if part == Part::OwnedBy
            && (self.owned_by != new.owned_by || self.identity)
            && let Some(owned) = &new.owned_by
        {
            let column = format!("{}.{}", qualified(&owned.schema, &owned.table), ident(&owned.column));
            let sql = format!("ALTER SEQUENCE {} OWNED BY {column}", qualified(&new.schema, &new.name));
            out.push(Statement::new(&new.key(), sql));
        }
    }
}

/// Returns the statement that lets a sequence stay when the column that owns it goes.
pub fn released(old: &Sequence, new: &Sequence) -> Option<Statement> {
    let changes = !old.identity && !new.identity && old.owned_by.is_some() && old.owned_by != new.owned_by;
    let sql = format!("ALTER SEQUENCE {} OWNED BY NONE", qualified(&old.schema, &old.name));
    changes.then(|| Statement::new(&old.key(), sql))
}
