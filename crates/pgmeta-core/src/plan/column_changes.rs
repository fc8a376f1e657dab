//! Finds the objects that depend on dropped or retyped columns: those whose text may name one. Decides no order.

use rustc_hash::FxHashMap;

use crate::interrupt::check;
use crate::model::{Constraint, ConstraintKind, ObjectKey, ObjectRef, PublishedTable};
use crate::plan::alter::ColumnChange;

/// The changed columns of a table, prepared for searches in many texts.
pub struct ChangedColumns<'l> {
    /// By name: true if the column stays, with another type.
    columns: FxHashMap<&'l str, bool>,
    /// The lengths of the names: each beginning of a word takes one look-up per length.
    lengths: Vec<usize>,
}

impl<'l> ChangedColumns<'l> {
    pub fn of(column_changes: &'l [ColumnChange]) -> Self {
        let columns: FxHashMap<&str, bool> = column_changes.iter().map(|loss| (&*loss.column, loss.retyped)).collect();
        let mut lengths: Vec<usize> = columns.keys().map(|name| name.len()).collect();
        lengths.sort_unstable();
        lengths.dedup();
        Self { columns, lengths }
    }

    fn any<T: AsRef<str>>(&self, names: impl IntoIterator<Item = T>) -> bool {
        names.into_iter().any(|name| self.columns.contains_key(name.as_ref()))
    }

    /// The same for dropped columns.
    fn any_dropped<T: AsRef<str>>(&self, names: impl IntoIterator<Item = T>) -> bool {
        names.into_iter().any(|name| self.columns.get(name.as_ref()) == Some(&false))
    }

    /// Returns whether an object that depends on the table may depend on one of the columns.
    pub fn may_affect(&self, object: ObjectRef<'_>, table: &ObjectKey) -> bool {
        let named = || object.texts().into_iter().any(|text| self.named_in(text));
        if let ObjectRef::Trigger(trigger) = object {
            named() || self.any(&trigger.update_of)
        } else if let ObjectRef::Publication(publication) = object {
            let mut own = publication.tables.iter().filter(|published| published.name == table.names[1]);
            let filters = |own: &PublishedTable| own.row_filter.as_deref().is_some_and(|text| self.named_in(text));
            own.any(|own| filters(own) || self.any(own.columns.iter().flatten()))
        } else if let ObjectRef::Constraint(constraint) = object {
            self.may_affect_constraint(constraint, table)
        } else if let ObjectRef::Index(index) = object {
            let columns = index.columns.iter().filter_map(|column| column.column.as_ref());
            named() || self.any_dropped(columns.chain(&index.include))
        } else if let ObjectRef::StatisticsObject(_) = object {
            // The server keeps them when a column gets another type.
            self.columns.values().any(|retyped| !retyped)
        } else {
            named()
        }
    }

    /// The server rebuilds the indexes and constraints of a column when its type changes, but a foreign key must always have the same
    /// type on both sides.
    fn may_affect_constraint(&self, constraint: &Constraint, table: &ObjectKey) -> bool {
        let own = *table == constraint.table_key();
        match constraint.kind {
            ConstraintKind::ForeignKey => {
                let other = constraint.foreign_key.as_ref().is_some_and(|key| {
                    key.table.schema == table.names[0] && key.table.name == table.names[1] && self.any(&key.columns)
                });
                other || (own && self.any(&constraint.columns))
            }
            ConstraintKind::Check if constraint.is_inline_check() && constraint.inherited => false,
            ConstraintKind::Check | ConstraintKind::Exclusion => {
                constraint.expression.as_deref().is_some_and(|text| self.named_in(text))
            }
            _ => {
                let included = constraint.index.iter().flat_map(|index| &index.include);
                own && self.any_dropped(constraint.columns.iter().chain(included))
            }
        }
    }

    /// Returns whether a text names one of the columns, or uses whole rows.
    pub fn named_in(&self, text: &str) -> bool {
        if text.contains(".*") {
            return true;
        }
        let part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
        let mut after_part = false;
        for (at, c) in text.char_indices() {
            check();
            // A quoted name may begin with any character.
            let begins = !after_part;
            after_part = part(c);
            if begins
                && self.lengths.iter().any(|length| {
                    let name = text.get(at..at + length).filter(|name| self.columns.contains_key(name));
                    name.is_some() && !text[at + length..].starts_with(part)
                })
            {
                return true;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looks for each name separately.
    fn named(text: &str, names: &[&str]) -> bool {
        let part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
        let one = |name: &&str| {
            text.match_indices(*name)
                .any(|(at, _)| !text[..at].ends_with(part) && !text[at + name.len()..].starts_with(part))
        };
        names.iter().any(one) || text.contains(".*")
    }

    #[test]
    fn names_are_matched_as_whole_words() {
        let names = ["a", "ab", "é", "a b", "\"q", " x", "$1", "a.b"];
        let pieces = ["a", "b", "ab", "é", " ", "\"q", ".", "$1", "(", "*", "x", "_"];
        for first in pieces {
            for second in pieces {
                for third in pieces {
                    let text = format!("{first}{second}{third}{first} {second}");
                    for chosen in [&names[..1], &names[1..3], &names[3..4], &names[4..], &names] {
                        let column_changes: Vec<ColumnChange> =
                            chosen.iter().map(|&name| ColumnChange { column: name.into(), retyped: true }).collect();
                        assert_eq!(
                            ChangedColumns::of(&column_changes).named_in(&text),
                            named(&text, chosen),
                            "{text} {chosen:?}"
                        );
                    }
                }
            }
        }
    }
}
