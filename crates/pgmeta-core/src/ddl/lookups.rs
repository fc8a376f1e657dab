//! Rarely used indexes of a model, by key: built at the first use, so that not every
//! caller has to search the whole model. Decides nothing.

use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::ident::qualified;
use crate::interrupt::check;
use crate::model::{Constraint, DefaultPrivileges, DefaultPrivilegesOn, Model, ObjectKey, ObjectRef, Sequence, Table};

/// A schema and a name in it.
type Relation<'m> = (&'m str, &'m str);

/// What default privileges are for, and in which schema.
type Scope<'m> = (DefaultPrivilegesOn, Option<&'m str>);

/// Up to so many columns going through them is sooner done.
const NARROW: usize = 16;

#[derive(Debug, Default)]
pub struct Lookups<'m> {
    columns: OnceLock<FxHashMap<Relation<'m>, FxHashMap<&'m str, usize>>>,
    sequences: OnceLock<FxHashMap<Relation<'m>, &'m Sequence>>,
    owned: OnceLock<FxHashMap<Relation<'m>, Vec<&'m Sequence>>>,
    serial: OnceLock<FxHashMap<(&'m str, &'m str, &'m str), &'m Sequence>>,
    foreign_keys: OnceLock<FxHashMap<Relation<'m>, Vec<&'m Constraint>>>,
    referenced: OnceLock<FxHashSet<Relation<'m>>>,
    children: OnceLock<FxHashMap<Relation<'m>, Vec<&'m Table>>>,
    default_partitions: OnceLock<FxHashMap<Relation<'m>, &'m Table>>,
    extensions: OnceLock<FxHashSet<&'m str>>,
    operators: OnceLock<FxHashSet<(Relation<'m>, &'m str, &'m str)>>,
    types: OnceLock<FxHashMap<String, ObjectRef<'m>>>,
    row_types: OnceLock<FxHashSet<String>>,
    attached_indexes: OnceLock<FxHashMap<Relation<'m>, Vec<ObjectKey>>>,
    /// Their positions.
    default_privileges: OnceLock<FxHashMap<Scope<'m>, Vec<usize>>>,
}

/// Puts each under its key; of several with one key the first.
fn by_key<K: Eq + std::hash::Hash, V>(all: impl Iterator<Item = (K, V)>) -> FxHashMap<K, V> {
    let mut found = FxHashMap::default();
    for (key, value) in all {
        check();
        found.entry(key).or_insert(value);
    }
    found
}

/// Puts those of one key together, in their order.
fn grouped<K: Eq + std::hash::Hash, V>(all: impl Iterator<Item = (K, V)>) -> FxHashMap<K, Vec<V>> {
    let mut found: FxHashMap<K, Vec<V>> = FxHashMap::default();
    for (key, value) in all {
        check();
        found.entry(key).or_default().push(value);
    }
    found
}

impl<'m> Lookups<'m> {
    /// Returns the position of a column of one of the model's tables.
    pub fn column(&self, model: &'m Model, table: &Table, name: &str) -> Option<usize> {
        if table.columns.len() > NARROW {
            let wide = self.columns.get_or_init(|| {
                let wide = model.tables.iter().filter(|table| table.columns.len() > NARROW);
                by_key(wide.map(|table| {
                    let columns = table.columns.iter().enumerate();
                    ((&*table.schema, &*table.name), by_key(columns.map(|(at, column)| (&*column.name, at))))
                }))
            });
            if let Some(columns) = wide.get(&(&*table.schema, &*table.name)) {
                return columns.get(name).copied();
            }
        }
        table.columns.iter().position(|column| &*column.name == name)
    }

    pub fn sequence(&self, model: &'m Model, schema: &str, name: &str) -> Option<&'m Sequence> {
        let all = model.sequences.iter().map(|sequence| ((&*sequence.schema, &*sequence.name), sequence));
        self.sequences.get_or_init(|| by_key(all)).get(&(schema, name)).copied()
    }

    /// Returns the sequences that columns of a table own.
    pub fn owned_by<'a>(&'a self, model: &'m Model, table: &'a Table) -> &'a [&'m Sequence] {
        let owned = model.sequences.iter().filter_map(|sequence| Some((sequence.owned_by.as_ref()?, sequence)));
        let all = owned.map(|(owner, sequence)| ((&*owner.schema, &*owner.table), sequence));
        self.owned.get_or_init(|| grouped(all)).get(&(&*table.schema, &*table.name)).map_or(&[], Vec::as_slice)
    }

    /// Returns the sequence, not one of an identity, that a column owns.
    pub fn serial(&self, model: &'m Model, table: &Table, column: &str) -> Option<&'m Sequence> {
        let plain = model.sequences.iter().filter(|sequence| !sequence.identity);
        let owned = plain.filter_map(|sequence| Some((sequence.owned_by.as_ref()?, sequence)));
        let all = owned.map(|(owner, sequence)| ((&*owner.schema, &*owner.table, &*owner.column), sequence));
        self.serial.get_or_init(|| by_key(all)).get(&(&*table.schema, &*table.name, column)).copied()
    }

    /// Returns the foreign keys that a table has.
    pub fn foreign_keys<'a>(&'a self, model: &'m Model, schema: &'a str, table: &'a str) -> &'a [&'m Constraint] {
        let keys = model.constraints.iter().filter(|constraint| constraint.foreign_key.is_some());
        let all = keys.map(|constraint| ((&*constraint.schema, &*constraint.table), constraint));
        self.foreign_keys.get_or_init(|| grouped(all)).get(&(schema, table)).map_or(&[], Vec::as_slice)
    }

    /// Returns whether a foreign key refers to a table.
    pub fn is_referenced(&self, model: &'m Model, schema: &str, table: &str) -> bool {
        let keys = model.constraints.iter().filter_map(|constraint| constraint.foreign_key.as_ref());
        let all = keys.map(|key| (&*key.table.schema, &*key.table.name));
        self.referenced.get_or_init(|| all.inspect(|_| check()).collect()).contains(&(schema, table))
    }

    /// Returns the tables that inherit from a table; partitions are none of them.
    pub fn children<'a>(&'a self, model: &'m Model, table: &'a Table) -> &'a [&'m Table] {
        let all = model
            .tables
            .iter()
            .flat_map(|child| child.parents().map(move |parent| ((&*parent.schema, &*parent.name), child)));
        self.children.get_or_init(|| grouped(all)).get(&(&*table.schema, &*table.name)).map_or(&[], Vec::as_slice)
    }

    /// Returns the default partition of a table.
    pub fn default_partition(&self, model: &'m Model, schema: &str, table: &str) -> Option<&'m Table> {
        let partitions = model.tables.iter().filter_map(|table| Some((table, table.partition_of.as_ref()?)));
        let all = partitions.filter(|(_, partition)| partition.bound == "DEFAULT");
        let all = all.map(|(table, partition)| ((&*partition.parent.schema, &*partition.parent.name), table));
        self.default_partitions.get_or_init(|| by_key(all)).get(&(schema, table)).copied()
    }

    pub fn has_extension(&self, model: &'m Model, name: &str) -> bool {
        let all = model.extensions.iter().map(|extension| &*extension.name);
        self.extensions.get_or_init(|| all.collect()).contains(name)
    }

    /// Returns whether the model has an operator; an operand that is not there is `NONE`.
    pub fn has_operator(&self, model: &'m Model, name: (&str, &str), left: &str, right: &str) -> bool {
        let all = model.operators.iter().inspect(|_| check()).map(|operator| {
            let left = operator.left.as_deref().unwrap_or("NONE");
            ((&*operator.schema, &*operator.name), left, &*operator.right)
        });
        self.operators.get_or_init(|| all.collect()).contains(&(name, left, right))
    }

    /// Returns a type or domain by its name as columns have it.
    pub fn type_named(&self, model: &'m Model, name: &str) -> Option<ObjectRef<'m>> {
        let domains = model.domains.iter().map(|own| (qualified(&own.schema, &own.name), ObjectRef::Domain(own)));
        let types = model.types.iter().map(|own| (qualified(&own.schema, &own.name), ObjectRef::Type(own)));
        self.types.get_or_init(|| by_key(domains.chain(types))).get(name).copied()
    }

    /// Returns the indexes of a partition that hang on those of its parent, and the constraints with such an index.
    pub fn attached_indexes<'a>(&'a self, model: &'m Model, table: &'a Table) -> &'a [ObjectKey] {
        let indexes = model.indexes.iter().filter(|own| own.attached_to.is_some());
        let indexes = indexes.map(|own| ((&*own.schema, &*own.table), own.object_key()));
        let is_attached = |own: &&Constraint| own.index.as_ref().is_some_and(|index| index.attached_to.is_some());
        let constraints = model.constraints.iter().filter(is_attached);
        let constraints = constraints.map(|own| ((&*own.schema, &*own.table), own.object_key()));
        let known = self.attached_indexes.get_or_init(|| grouped(indexes.chain(constraints)));
        known.get(&(&*table.schema, &*table.name)).map_or(&[], Vec::as_slice)
    }

    /// Returns whether a type, by its name as columns have it, is a table's row type.
    pub fn is_row_type(&self, model: &'m Model, name: &str) -> bool {
        let all = model.tables.iter().inspect(|_| check()).map(|own| qualified(&own.schema, &own.name));
        self.row_types.get_or_init(|| all.collect()).contains(name)
    }

    /// Returns the default privileges of a kind of object that are in force in a schema, in the model's order.
    pub fn defaults_in(
        &self,
        model: &'m Model,
        of: DefaultPrivilegesOn,
        schema: Option<&str>,
    ) -> impl Iterator<Item = &'m DefaultPrivileges> {
        let all = model.default_privileges.iter().enumerate();
        let all = all.map(|(at, own)| ((own.object_type, own.schema.as_deref()), at));
        let known = self.default_privileges.get_or_init(|| grouped(all));
        let everywhere = known.get(&(of, None)).into_iter().flatten();
        let here = schema.and_then(|schema| known.get(&(of, Some(schema))));
        let mut positions: Vec<usize> = everywhere.chain(here.into_iter().flatten()).copied().collect();
        positions.sort_unstable();
        positions.into_iter().filter_map(|at| model.default_privileges.get(at))
    }
}
