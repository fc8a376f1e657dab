//! The trait of the kinds that can be altered in place, and the list of these kinds.

use rustc_hash::FxHashSet;

use crate::ddl::{Context, Part, Render};
use crate::diff::normalized_attributes;
use crate::ident::Name;
use crate::model::*;
use crate::plan::options::Options;
use crate::plan::step::Statement;

/// How a plan changes one state of an object into another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// By ALTER.
    Alter,
    /// By DROP and CREATE, together with its dependents.
    Replace,
    /// The old object is renamed, a new one created, and columns converted to it: types that tables use.
    RecreateType,
}

/// Both models of a plan.
#[derive(Debug)]
pub struct Sides<'m> {
    pub old: &'m Context<'m>,
    pub new: &'m Context<'m>,
    pub options: &'m Options,
    pub forced: Forced,
}

impl Sides<'_> {
    /// Returns whether a table has few rows. A table without an estimate does not.
    pub fn is_small(&self, table: &ObjectKey) -> bool {
        if self.forced.in_one_transaction.contains(table) {
            return true;
        }
        let [schema, name] = &*table.names else { return false };
        let rows = self.old.table(schema, name).and_then(|table| table.rows_estimate);
        rows.is_some_and(|rows| rows <= self.options.small_table_rows)
    }
}

/// Results of earlier passes of a plan that later passes must respect.
#[derive(Clone, Debug, Default)]
pub struct Forced {
    /// Objects that must change in one transaction with others, and so not online.
    pub in_one_transaction: FxHashSet<ObjectKey>,
    /// Generated columns, by table and name, that are dropped because objects in their expressions change.
    pub recreated_columns: FxHashSet<(ObjectKey, Name)>,
}

/// A column whose dependents must be dropped before the table is altered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnChange {
    pub column: Name,
    /// True if its type changes, false if it is dropped.
    pub retyped: bool,
}

/// Changes objects of one kind. `plan::shared` changes what all kinds have: owner, privileges, comment, labels.
pub trait Alter: Render + Sized {
    /// Decides how the object changes. A kind without ALTER is replaced.
    fn strategy(&self, new: &Self, sides: &Sides<'_>) -> Strategy;

    /// Appends the statements that change the object's own attributes.
    fn alter(&self, _new: &Self, _sides: &Sides<'_>, _out: &mut Vec<Statement>) {}

    /// Appends the statements that belong to a part other than Main.
    fn alter_part(&self, _new: &Self, _part: Part, _sides: &Sides<'_>, _out: &mut Vec<Statement>) {}

    /// Returns the columns whose dependents must be dropped first.
    fn column_changes(&self, _new: &Self, _sides: &Sides<'_>) -> Vec<ColumnChange> {
        Vec::new()
    }
}

macro_rules! dispatch {
    ($($(#[$meta:meta])* $list:ident: $kind:ident),* $(,)?) => {
        /// Decides how an object changes into another one with the same key.
        pub fn strategy(old: ObjectRef<'_>, new: ObjectRef<'_>, sides: &Sides<'_>) -> Strategy {
            match (old, new) {
                $((ObjectRef::$kind(one), ObjectRef::$kind(other)) => {
                    if normalized_attributes(old) == normalized_attributes(new) { Strategy::Alter } else { one.strategy(other, sides) }
                })*
                // A domain replaces a type, or a type a domain.
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
