//! Typed tables whose composite type changes: they are detached from the type, altered, and attached to it again.

use std::borrow::Cow;

use crate::model::{ObjectRef, Table};
use crate::plan::build::{Action, Builder};
use crate::plan::parameters::relation;
use crate::plan::step::{LockLevel, Statement};

impl Builder<'_, '_> {
    /// Returns the statement that detaches a table from its type (`NOT OF`).
    pub(super) fn drop_type_of(&self, old: &Table, new: &Table) -> Option<Statement> {
        self.is_of_changing_type(old, new).then(|| statement(new, "NOT OF".to_owned()))
    }

    /// Returns the statement that attaches a table to its type again (`OF`).
    pub(super) fn restore_type_of(&self, old: &Table, new: &Table) -> Option<Statement> {
        let of_type = new.of_type.as_ref().filter(|_| self.is_of_changing_type(old, new))?;
        Some(statement(new, format!("OF {of_type}")))
    }

    /// Returns a state of the table without its type, if the type changes.
    pub(super) fn without_type<'t>(&self, old: &Table, new: &Table, table: &'t Table) -> Cow<'t, Table> {
        if !self.is_of_changing_type(old, new) {
            return Cow::Borrowed(table);
        }
        let mut untyped = table.clone();
        untyped.of_type = None;
        Cow::Owned(untyped)
    }

    fn is_of_changing_type(&self, old: &Table, new: &Table) -> bool {
        let Some(name) = old.of_type.as_ref().filter(|_| old.of_type == new.of_type) else { return false };
        let (Some(was), Some(is)) = (self.sides.old.type_named(name), self.sides.new.type_named(name)) else {
            return false;
        };
        match self.action(&was.object().key()) {
            Some(Action::RecreateType) => true,
            Some(Action::Alter) => match (was, is) {
                (ObjectRef::Type(was), ObjectRef::Type(is)) => was.attributes != is.attributes,
                _ => false,
            },
            _ => false,
        }
    }
}

fn statement(table: &Table, action: String) -> Statement {
    let sql = format!("{} {action}", relation(table));
    let statement = Statement::new(&table.object_key(), sql).lock(LockLevel::AccessExclusive);
    statement.unit(table.object_key()).of_all_columns()
}
