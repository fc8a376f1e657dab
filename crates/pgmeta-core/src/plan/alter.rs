//! What a kind of object must tell to be changed in place, and the list of kinds that can be.

use rustc_hash::FxHashSet;

use crate::ddl::{Context, Part, Render};
use crate::diff::normalized_attributes;
use crate::ident::Name;
use crate::model::*;
use crate::plan::options::Options;
use crate::plan::step::Statement;

/// How one state of an object becomes another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// By ALTER.
    Alter,
    /// By DROP and CREATE, together with all that depends on it.
    Replace,
    /// The new one is made beside the old one, and columns go over to it: types that tables use.
    RecreateType,
}

/// Both sides of a plan.
#[derive(Debug)]
pub struct Sides<'m> {
    pub old: &'m Context<'m>,
    pub new: &'m Context<'m>,
    pub options: &'m Options,
    pub forced: Forced,
}

impl Sides<'_> {
    /// Returns whether a table is known to have few rows; without an estimate it is not.
    pub fn is_small(&self, table: &ObjectKey) -> bool {
        if self.forced.in_one_transaction.contains(table) {
            return true;
        }
        let [schema, name] = &*table.names else { return false };
        let rows = self.old.table(schema, name).and_then(|table| table.rows_estimate);
        rows.is_some_and(|rows| rows <= self.options.small_table_rows)
    }
}

/// What the first look at the changes does not tell, and planning finds out.
#[derive(Clone, Debug, Default)]
pub struct Forced {
    /// Objects that can only be changed in one transaction with others, so not beside the traffic.
    pub in_one_transaction: FxHashSet<ObjectKey>,
    /// Generated columns, by table and name, that are dropped because what their expressions use changes.
    pub recreated_columns: FxHashSet<(ObjectKey, Name)>,
}

/// A column that dependents must let go of before the table can be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnChange {
    pub column: Name,
    /// Its type changes; otherwise it is dropped.
    pub retyped: bool,
}

/// How a kind of object is changed. What all kinds share (owner, privileges, comment, labels) is `plan::shared`'s.
pub trait Alter: Render + Sized {
    /// Decides how; without ALTER the object is replaced.
    fn strategy(&self, new: &Self, sides: &Sides<'_>) -> Strategy;

    /// Appends the statements that change the object's own attributes.
    fn alter(&self, _new: &Self, _sides: &Sides<'_>, _out: &mut Vec<Statement>) {}

    /// Appends those that must come at the place of a part other than Main.
    fn alter_part(&self, _new: &Self, _part: Part, _sides: &Sides<'_>, _out: &mut Vec<Statement>) {}

    /// Returns the columns that dependents must let go of before.
    fn column_changes(&self, _new: &Self, _sides: &Sides<'_>) -> Vec<ColumnChange> {
        Vec::new()
    }
}

macro_rules! dispatch {
    ($($(#[$meta:meta])* $list:ident: $kind:ident),* $(,)?) => {
        /// Decides how an object becomes another of the same key.
        pub fn strategy(old: ObjectRef<'_>, new: ObjectRef<'_>, sides: &Sides<'_>) -> Strategy {
            match (old, new) {
                $((ObjectRef::$kind(one), ObjectRef::$kind(other)) => {
                    if normalized_attributes(old) == normalized_attributes(new) { Strategy::Alter } else { one.strategy(other, sides) }
                })*
                // A domain in the place of a type, or the reverse.
                (ObjectRef::Type(_), _) | (ObjectRef::Domain(_), _) => Strategy::RecreateType,
                _ => Strategy::Replace,
            }
        }

        pub fn alter(old: ObjectRef<'_>, new: ObjectRef<'_>, sides: &Sides<'_>, out: &mut Vec<Statement>) {
            match (old, new) {
                $((ObjectRef::$kind(old), ObjectRef::$kind(new)) => old.alter(new, sides, out),)*
                _ => {}
            }
        }

        pub fn alter_part(
            old: ObjectRef<'_>, new: ObjectRef<'_>, part: Part, sides: &Sides<'_>, out: &mut Vec<Statement>,
        ) {
            match (old, new) {
                $((ObjectRef::$kind(old), ObjectRef::$kind(new)) => old.alter_part(new, part, sides, out),)*
                _ => {}
            }
        }

        pub fn column_changes(old: ObjectRef<'_>, new: ObjectRef<'_>, sides: &Sides<'_>) -> Vec<ColumnChange> {
            match (old, new) {
                $((ObjectRef::$kind(old), ObjectRef::$kind(new)) => old.column_changes(new, sides),)*
                _ => Vec::new(),
            }
        }
    };
}

for_each_kind! { dispatch }
