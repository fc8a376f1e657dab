//! Keeps the values of column sequences: identity columns of recreated tables, and new sequences. Decides no order.

use crate::ident::{ident, qualified};
use crate::model::{ObjectRef, Sequence, Structure, Table};
use crate::plan::build::{Action, Builder};
use crate::plan::names::helper;
use crate::plan::step::{Hazard, LockLevel, Statement};
use crate::plan::{column, sequence};

impl Builder<'_, '_> {
    /// Saves the value of a sequence that an identity column is to continue, before its table is dropped or renamed.
    pub(super) fn save_sequence_value(&self, old: &Sequence, new: &Sequence, out: &mut Vec<Statement>) {
        let Some(owner) = old.owned_by.as_ref().filter(|_| new.identity) else { return };
        if self.is_identity_recreated(old) {
            sequence::save_sequence_value(old, out);
        } else if self.is_owner_dropped(old) {
            // The sequence of a serial column keeps its value under another name until the new column continues it.
            let (key, table) = (old.object_key(), qualified(&owner.schema, &owner.table));
            let drop = format!("ALTER TABLE {table} ALTER COLUMN {} DROP DEFAULT", ident(&owner.column));
            out.push(Statement::new(&key, drop).lock(LockLevel::AccessExclusive));
            let name = qualified(&old.schema, &old.name);
            let rename = format!("ALTER SEQUENCE {name} RENAME TO {}", ident(&helper(&[&old.name], "former")));
            out.push(Statement::new(&key, rename).lock(LockLevel::AccessExclusive));
        }
    }

    /// Sets the identity columns of a recreated table to the saved values, and sets the attributes of their sequences that ALTER
    /// TABLE does not set.
    pub(super) fn continue_numbers(&self, table: &Table, out: &mut Vec<Statement>) {
        if !self.is_recreated_table(&table.object_key()) {
            return;
        }
        for new in self.sides.new.sequences_of(table).iter().filter(|sequence| sequence.identity) {
            let (key, name) = (new.object_key(), qualified(&new.schema, &new.name));
            if self.is_sequence_value_saved(new) {
                sequence::continue_from(&key, &name, &sequence::former(new), out);
            }
            if self.dependents.objects.contains_key(&key) {
                sequence::append_attributes(new, self.sides, out);
            }
        }
    }

    /// Returns the statements that set new sequences of columns to the greatest value of the copied rows, where no value was saved.
    pub(super) fn set_sequences_after_copy(&self, table: &Table) -> Vec<Statement> {
        let all = self.sides.new.sequences_of(table).iter();
        let unknown =
            all.filter(|own| if own.identity { !self.is_sequence_value_saved(own) } else { self.is_new(own) });
        let statements = unknown.filter_map(|own| self.set_sequence_after_copy(own));
        statements.map(|statement| statement.hazard(Hazard::FullTableScan).slow()).collect()
    }

    /// Returns the same for the new sequence of a column whose table stays.
    pub(super) fn number_of_new(&self, new: &Sequence) -> Option<Statement> {
        let owner = new.owned_by.as_ref().filter(|_| self.is_new(new))?;
        if new.parent().is_some_and(|table| self.is_created(&table)) {
            return None;
        }
        let statement = self.set_sequence_after_copy(new)?;
        let table = self.sides.new.table(&owner.schema, &owner.table)?;
        let found = column::leads_an_index(table, &owner.column, self.sides);
        Some(if found { statement } else { statement.hazard(Hazard::FullTableScan).slow() })
    }

    fn is_new(&self, sequence: &Sequence) -> bool {
        !sequence.identity && self.action(&sequence.object_key()) == Some(Action::Create)
    }

    fn set_sequence_after_copy(&self, sequence: &Sequence) -> Option<Statement> {
        let owner = sequence.owned_by.as_ref()?;
        let old = self.sides.old.table(&owner.schema, &owner.table)?;
        let table = self.sides.new.table(&owner.schema, &owner.table)?;
        self.sides.old.column(old, &owner.column)?;
        let column = self.sides.new.column(table, &owner.column)?;
        let is_number = matches!(&*column.data_type, "smallint" | "integer" | "bigint") && table.foreign.is_none();
        is_number.then(|| sequence::continue_after_rows(&sequence.object_key(), sequence, table, &owner.column))
    }

    fn is_sequence_value_saved(&self, new: &Sequence) -> bool {
        let old = self.sides.old.sequence(&new.schema, &new.name);
        old.is_some_and(|old| self.is_identity_recreated(old) || self.is_owner_dropped(old))
    }

    /// Returns whether the sequence of an identity column is dropped and created again while the rows of its table stay.
    fn is_identity_recreated(&self, sequence: &Sequence) -> bool {
        let Some(key) = sequence.parent().filter(|_| sequence.identity) else { return false };
        let has_partitions = || match self.dependents.objects.get(&key) {
            Some(ObjectRef::Table(table)) => table.partition_by.is_some(),
            _ => false,
        };
        self.is_copied(&key) || (self.action(&key) == Some(Action::Replace) && has_partitions())
    }
}
