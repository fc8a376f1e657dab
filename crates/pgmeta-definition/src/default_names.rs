//! The names that PostgreSQL chooses for constraints and indexes without one (ChooseRelationName, ChooseConstraintName).

use pgmeta_core::ident::Name;
use pgmeta_core::interrupt::check;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::definition::Definition;
use crate::table::TableDefinition;

/// The longest name in bytes.
const LONGEST: usize = 63;

/// The names that are taken: of relations in schemas, of constraints of tables.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    relations: FxHashSet<(Name, Name)>,
    constraints: FxHashSet<(Name, Name)>,
    /// The numbers of partitions of tables, those of partitions included.
    partitions: FxHashMap<(Name, Name), usize>,
}

/// What names a constraint or an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Label {
    /// A primary key.
    PrimaryKey,
    /// A unique constraint.
    Unique,
    /// A foreign key.
    ForeignKey,
    /// A check.
    Check,
    /// An exclusion constraint.
    Exclusion,
    /// An index.
    Index,
    /// The sequence of a serial or identity column.
    Sequence,
}

impl Label {
    /// Returns the last part of the names.
    pub fn word(self) -> &'static str {
        match self {
            Label::PrimaryKey => "pkey",
            Label::Unique => "key",
            Label::ForeignKey => "fkey",
            Label::Check => "check",
            Label::Exclusion => "excl",
            Label::Index => "idx",
            Label::Sequence => "seq",
        }
    }

    /// Returns whether it is a relation, too.
    fn is_relation(self) -> bool {
        !matches!(self, Label::ForeignKey | Label::Check)
    }

    /// Returns whether it is a constraint.
    fn is_constraint(self) -> bool {
        !matches!(self, Label::Index | Label::Sequence)
    }
}

impl Taken {
    /// Notes a relation.
    pub fn add_relation(&mut self, schema: &Name, name: &Name) {
        self.relations.insert((schema.clone(), name.clone()));
    }

    /// Notes a constraint or an index.
    pub fn add(&mut self, label: Label, schema: &Name, name: &Name) {
        if label.is_relation() {
            self.add_relation(schema, name);
        }
        if label.is_constraint() {
            self.constraints.insert((schema.clone(), name.clone()));
        }
    }

    /// Forgets a constraint or an index.
    pub fn remove(&mut self, label: Label, schema: &Name, name: &Name) {
        let place = (schema.clone(), name.clone());
        if label.is_relation() {
            self.relations.remove(&place);
        }
        if label.is_constraint() {
            self.constraints.remove(&place);
        }
    }

    /// Notes which tables have partitions.
    pub fn note_partitions(&mut self, definition: &Definition) {
        let own = definition.own_schema();
        let schema = |given: &Option<Name>| given.clone().unwrap_or_else(|| own.clone());
        let of = |table: &TableDefinition| {
            let parent = table.partition_of.as_ref()?;
            let parent_schema = parent.schema.clone().unwrap_or_else(|| schema(&table.schema));
            Some(((schema(&table.schema), table.name.clone()), (parent_schema, parent.table.clone())))
        };
        let parents: FxHashMap<(Name, Name), (Name, Name)> = definition.tables.iter().filter_map(of).collect();
        for start in parents.keys() {
            check();
            let (mut at, mut depth) = (start, 0);
            // A circle of parents ends, too.
            while let Some(parent) = parents.get(at).filter(|_| depth < parents.len()) {
                *self.partitions.entry(parent.clone()).or_default() += 1;
                (at, depth) = (parent, depth + 1);
            }
        }
    }

    /// Returns whether a table has partitions.
    pub fn has_partitions(&self, table: &(Name, Name)) -> bool {
        self.partitions.contains_key(table)
    }

    /// Notes the names of the foreign keys that the server makes for the partitions of a referenced table.
    pub fn add_of_partitions(&mut self, target: &(Name, Name), schema: &Name, table: &str, columns: &str) {
        for _ in 0..self.partitions.get(target).copied().unwrap_or_default() {
            self.choose(Label::ForeignKey, schema, table, columns);
        }
    }

    /// Returns the name of a constraint or an index of a table, and notes it. `columns` are the parts of the name after the table's.
    pub fn choose(&mut self, label: Label, schema: &Name, table: &str, columns: &str) -> Name {
        let mut word = label.word().to_owned();
        let mut number = 0;
        loop {
            let name = Name::from(make_name(table, columns, &word));
            let place = (schema.clone(), name.clone());
            // The server looks for constraints in the whole schema, too.
            let is_taken = (label.is_relation() && self.relations.contains(&place))
                || (label.is_constraint() && self.constraints.contains(&place));
            if !is_taken {
                self.add(label, schema, &name);
                return name;
            }
            number += 1;
            word = format!("{}{number}", label.word());
        }
    }
}

/// Returns the columns of a key as a part of a name: joined, and cut where it becomes too long.
pub(crate) fn columns_part<'a>(columns: impl Iterator<Item = &'a str>) -> String {
    let mut part = String::new();
    for column in columns {
        if !part.is_empty() {
            part.push('_');
        }
        part.push_str(column);
        if part.len() > LONGEST {
            break;
        }
    }
    part
}

/// Joins the parts of a name with underscores. The longer of the first two is cut until the name fits (makeObjectName).
pub(crate) fn make_name(table: &str, columns: &str, label: &str) -> String {
    let (mut table, mut columns) = (table, columns);
    let overhead = label.len() + 1 + usize::from(!columns.is_empty());
    let available = LONGEST.saturating_sub(overhead);
    let (mut long, mut wide) = (table.len(), columns.len());
    while long + wide > available {
        if long > wide {
            long -= 1;
        } else {
            wide -= 1;
        }
    }
    table = cut(table, long);
    columns = cut(columns, wide);
    let middle = if columns.is_empty() { String::new() } else { format!("_{columns}") };
    format!("{table}{middle}_{label}")
}

/// Returns the text up to a number of bytes, without a part of a character at the end.
fn cut(text: &str, length: usize) -> &str {
    let mut end = length.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_server() {
        let mut taken = Taken::default();
        let schema = Name::from("app");
        taken.add_relation(&schema, &"orders_note_idx".into());
        for (label, table, columns, expected) in [
            (Label::PrimaryKey, "orders", "", "orders_pkey"),
            (Label::Unique, "orders", "a_b", "orders_a_b_key"),
            (Label::ForeignKey, "orders", "customer_id", "orders_customer_id_fkey"),
            (Label::Check, "orders", "price", "orders_price_check"),
            (Label::Check, "orders", "price", "orders_price_check1"),
            (Label::Check, "orders", "", "orders_check"),
            (Label::Index, "orders", "note", "orders_note_idx1"),
            (Label::Index, "orders", "lower", "orders_lower_idx"),
        ] {
            assert_eq!(&*taken.choose(label, &schema, table, columns), expected);
        }
        let long = "a".repeat(63);
        assert_eq!(make_name(&long, &long, "key").len(), 63);
        assert_eq!(make_name(&"ä".repeat(40), "b", "idx"), format!("{}_b_idx", "ä".repeat(28)));
    }
}
