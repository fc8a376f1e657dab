//! An index of a whole model: objects by key, parts by object, dependents by object. Decides nothing.

use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::ident::qualified;
use crate::interrupt::{check, without_checks};
use crate::model::{
    Column, Constraint, DefaultPrivileges, DefaultPrivilegesOn, Index, Model, ObjectKey, ObjectKind, ObjectRef,
    Sequence, Table, each_need,
};

/// A schema and a name.
type Relation<'m> = (&'m str, &'m str);

/// The kind and schema of default privileges.
type Scope<'m> = (DefaultPrivilegesOn, Option<&'m str>);

/// A linear search is faster up to this number of columns.
const FEW_COLUMNS: usize = 16;

/// A table of the index, which the first thread that needs it builds while others wait: without checks for interrupts.
#[derive(Debug)]
struct SharedCell<T>(OnceLock<T>);

impl<T> Default for SharedCell<T> {
    fn default() -> Self {
        Self(OnceLock::new())
    }
}

impl<T> SharedCell<T> {
    fn get_or_init(&self, make: impl FnOnce() -> T) -> &T {
        self.0.get_or_init(|| without_checks(make))
    }
}

/// An index of a whole model. Each table of it is built at its first use, so an unused index costs nothing. All readers of a model can
/// share one index, on any thread.
#[derive(Debug)]
pub struct ModelIndex<'m> {
    model: &'m Model,
    objects: SharedCell<FxHashMap<ObjectKey, ObjectRef<'m>>>,
    parts: SharedCell<FxHashMap<ObjectKey, Vec<ObjectRef<'m>>>>,
    dependents: SharedCell<FxHashMap<ObjectKey, Vec<ObjectRef<'m>>>>,
    tables: SharedCell<FxHashMap<Relation<'m>, &'m Table>>,
    constraints: SharedCell<FxHashMap<Relation<'m>, Vec<&'m Constraint>>>,
    indexes: SharedCell<FxHashMap<Relation<'m>, Vec<&'m Index>>>,
    identities: SharedCell<FxHashMap<(&'m str, &'m str, &'m str), &'m Sequence>>,
    columns: SharedCell<FxHashMap<Relation<'m>, FxHashMap<&'m str, usize>>>,
    sequences: SharedCell<FxHashMap<Relation<'m>, &'m Sequence>>,
    owned: SharedCell<FxHashMap<Relation<'m>, Vec<&'m Sequence>>>,
    serial: SharedCell<FxHashMap<(&'m str, &'m str, &'m str), &'m Sequence>>,
    foreign_keys: SharedCell<FxHashMap<Relation<'m>, Vec<&'m Constraint>>>,
    referring: SharedCell<FxHashMap<Relation<'m>, Vec<&'m Constraint>>>,
    children: SharedCell<FxHashMap<Relation<'m>, Vec<&'m Table>>>,
    default_partitions: SharedCell<FxHashMap<Relation<'m>, &'m Table>>,
    extensions: SharedCell<FxHashSet<&'m str>>,
    operators: SharedCell<FxHashSet<(Relation<'m>, &'m str, &'m str)>>,
    types: SharedCell<FxHashMap<String, ObjectRef<'m>>>,
    row_types: SharedCell<FxHashSet<String>>,
    attached_indexes: SharedCell<FxHashMap<Relation<'m>, Vec<ObjectKey>>>,
    /// Positions in the model's list.
    default_privileges: SharedCell<FxHashMap<Scope<'m>, Vec<usize>>>,
}

/// The kinds of relations that can be parents.
const RELATIONS: [ObjectKind; 4] =
    [ObjectKind::Table, ObjectKind::ForeignTable, ObjectKind::View, ObjectKind::MaterializedView];

/// Returns the same key for a relation of any kind.
fn of_any_kind(key: ObjectKey) -> ObjectKey {
    if RELATIONS.contains(&key.kind) { ObjectKey { kind: ObjectKind::Table, ..key } } else { key }
}

/// Maps keys to values. Of several values with one key, the first counts.
fn by_key<K: Eq + std::hash::Hash, V>(all: impl Iterator<Item = (K, V)>) -> FxHashMap<K, V> {
    let mut found = FxHashMap::default();
    for (key, value) in all {
        check();
        found.entry(key).or_insert(value);
    }
    found
}

/// Groups values by key, in their order.
fn grouped<K: Eq + std::hash::Hash, V>(all: impl Iterator<Item = (K, V)>) -> FxHashMap<K, Vec<V>> {
    let mut found: FxHashMap<K, Vec<V>> = FxHashMap::default();
    for (key, value) in all {
        check();
        found.entry(key).or_default().push(value);
    }
    found
}

impl<'m> ModelIndex<'m> {
    /// Returns the index of a model, with no tables built.
    pub fn of(model: &'m Model) -> Self {
        Self {
            model,
            objects: SharedCell::default(),
            parts: SharedCell::default(),
            dependents: SharedCell::default(),
            tables: SharedCell::default(),
            constraints: SharedCell::default(),
            indexes: SharedCell::default(),
            identities: SharedCell::default(),
            columns: SharedCell::default(),
            sequences: SharedCell::default(),
            owned: SharedCell::default(),
            serial: SharedCell::default(),
            foreign_keys: SharedCell::default(),
            referring: SharedCell::default(),
            children: SharedCell::default(),
            default_partitions: SharedCell::default(),
            extensions: SharedCell::default(),
            operators: SharedCell::default(),
            types: SharedCell::default(),
            row_types: SharedCell::default(),
            attached_indexes: SharedCell::default(),
            default_privileges: SharedCell::default(),
        }
    }

    /// Returns the model of the index.
    pub fn model(&self) -> &'m Model {
        self.model
    }

    /// Returns the object with a key. The key of a constraint's index returns the constraint.
    pub fn get(&self, key: &ObjectKey) -> Option<ObjectRef<'m>> {
        let known = self.objects.get_or_init(|| {
            let own = self.model.objects().map(|object| (object.object().key(), object));
            let behind = self.model.constraints.iter().filter(|own| own.index.is_some());
            let behind = behind.map(|own| {
                let key = own.index_key();
                (key, ObjectRef::Constraint(own))
            });
            by_key(own.chain(behind))
        });
        known.get(key).copied()
    }

    /// Returns the relation that an object belongs to.
    pub fn parent_of(&self, object: ObjectRef<'m>) -> Option<ObjectRef<'m>> {
        let parent = object.parent()?;
        // A child may not contain the kind of its parent.
        RELATIONS.iter().find_map(|&kind| self.get(&ObjectKey { kind, ..parent.clone() }))
    }

    /// Returns the parts of a relation in the model's order: constraints, indexes, triggers, rules, policies, sequences and statistics, and
    /// the tables that inherit from it.
    pub fn parts_of(&self, relation: &ObjectKey) -> &[ObjectRef<'m>] {
        let all = self.model.objects().filter_map(|object| Some((of_any_kind(object.parent()?), object)));
        self.parts.get_or_init(|| grouped(all)).get(&of_any_kind(relation.clone())).map_or(&[], Vec::as_slice)
    }

    /// Returns the objects in the attributes of an object, if they are in the model.
    pub fn required_by(&self, object: ObjectRef<'m>) -> Vec<ObjectRef<'m>> {
        object.requires().iter().filter_map(|key| self.get(key)).collect()
    }

    /// Returns all dependents of an object except itself, in the model's order, without duplicates. Objects that are attached to a
    /// constraint's index depend on the key of that index.
    pub fn dependents_of(&self, key: &ObjectKey) -> &[ObjectRef<'m>] {
        let known = self.dependents.get_or_init(|| {
            let mut found: FxHashMap<ObjectKey, Vec<ObjectRef<'m>>> = FxHashMap::default();
            for object in self.model.objects() {
                let own = object.object().key();
                let mut needs = FxHashSet::default();
                each_need(object, &mut |needed| {
                    check();
                    needs.insert(needed);
                });
                needs.remove(&own);
                for needed in needs {
                    found.entry(needed).or_default().push(object);
                }
            }
            found
        });
        known.get(key).map_or(&[], Vec::as_slice)
    }

    /// Returns a table, ordinary, partitioned or foreign.
    pub fn table(&self, schema: &str, name: &str) -> Option<&'m Table> {
        let all = self.model.tables.iter().map(|table| ((&*table.schema, &*table.name), table));
        self.tables.get_or_init(|| by_key(all)).get(&(schema, name)).copied()
    }

    /// Returns the constraints of a table, by name. Not-null constraints belong to columns.
    pub fn constraints_of<'a>(&'a self, schema: &'a str, table: &'a str) -> &'a [&'m Constraint] {
        let all = self.model.constraints.iter().map(|own| ((&*own.schema, &*own.table), own));
        self.constraints.get_or_init(|| grouped(all)).get(&(schema, table)).map_or(&[], Vec::as_slice)
    }

    /// Returns the indexes of a table or materialized view, by name, without those of constraints.
    pub fn indexes_of<'a>(&'a self, schema: &'a str, relation: &'a str) -> &'a [&'m Index] {
        let all = self.model.indexes.iter().map(|own| ((&*own.schema, &*own.table), own));
        self.indexes.get_or_init(|| grouped(all)).get(&(schema, relation)).map_or(&[], Vec::as_slice)
    }

    /// Returns the sequence of an identity column.
    pub fn identity_sequence(&self, table: &Table, column: &str) -> Option<&'m Sequence> {
        let identities = self.model.sequences.iter().filter(|sequence| sequence.identity);
        let owned = identities.filter_map(|sequence| Some((sequence.owned_by.as_ref()?, sequence)));
        let all = owned.map(|(owner, sequence)| ((&*owner.schema, &*owner.table, &*owner.column), sequence));
        self.identities.get_or_init(|| by_key(all)).get(&(&*table.schema, &*table.name, column)).copied()
    }

    /// Returns a column of one of the model's tables.
    pub fn column<'t>(&self, table: &'t Table, column: &str) -> Option<&'t Column> {
        table.columns.get(self.position(table, column)?).map(|column| &**column)
    }

    /// Returns the position of a column of one of the model's tables.
    pub fn position(&self, table: &Table, name: &str) -> Option<usize> {
        if table.columns.len() > FEW_COLUMNS {
            let wide = self.columns.get_or_init(|| {
                let wide = self.model.tables.iter().filter(|table| table.columns.len() > FEW_COLUMNS);
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

    /// Returns a sequence.
    pub fn sequence(&self, schema: &str, name: &str) -> Option<&'m Sequence> {
        let all = self.model.sequences.iter().map(|sequence| ((&*sequence.schema, &*sequence.name), sequence));
        self.sequences.get_or_init(|| by_key(all)).get(&(schema, name)).copied()
    }

    /// Returns the sequences that columns of a table own.
    pub fn sequences_of<'a>(&'a self, table: &'a Table) -> &'a [&'m Sequence] {
        let owned = self.model.sequences.iter().filter_map(|sequence| Some((sequence.owned_by.as_ref()?, sequence)));
        let all = owned.map(|(owner, sequence)| ((&*owner.schema, &*owner.table), sequence));
        self.owned.get_or_init(|| grouped(all)).get(&(&*table.schema, &*table.name)).map_or(&[], Vec::as_slice)
    }

    /// Returns the sequence that a column owns, unless it is that of an identity column.
    pub fn serial_sequence(&self, table: &Table, column: &str) -> Option<&'m Sequence> {
        let plain = self.model.sequences.iter().filter(|sequence| !sequence.identity);
        let owned = plain.filter_map(|sequence| Some((sequence.owned_by.as_ref()?, sequence)));
        let all = owned.map(|(owner, sequence)| ((&*owner.schema, &*owner.table, &*owner.column), sequence));
        self.serial.get_or_init(|| by_key(all)).get(&(&*table.schema, &*table.name, column)).copied()
    }

    /// Returns the foreign keys that a table has.
    pub fn foreign_keys<'a>(&'a self, schema: &'a str, table: &'a str) -> &'a [&'m Constraint] {
        let keys = self.model.constraints.iter().filter(|constraint| constraint.foreign_key.is_some());
        let all = keys.map(|constraint| ((&*constraint.schema, &*constraint.table), constraint));
        self.foreign_keys.get_or_init(|| grouped(all)).get(&(schema, table)).map_or(&[], Vec::as_slice)
    }

    /// Returns the foreign keys that refer to a table.
    pub fn foreign_keys_to<'a>(&'a self, schema: &'a str, table: &'a str) -> &'a [&'m Constraint] {
        let of_one = |constraint: &'m Constraint| Some((&constraint.foreign_key.as_ref()?.table, constraint));
        let all = self.model.constraints.iter().filter_map(of_one);
        let all = all.map(|(table, constraint)| ((&*table.schema, &*table.name), constraint));
        self.referring.get_or_init(|| grouped(all)).get(&(schema, table)).map_or(&[], Vec::as_slice)
    }

    /// Returns whether a foreign key refers to a table.
    pub fn is_referenced(&self, schema: &str, table: &str) -> bool {
        !self.foreign_keys_to(schema, table).is_empty()
    }

    /// Returns the tables that inherit from a table, and its partitions.
    pub fn children<'a>(&'a self, table: &'a Table) -> &'a [&'m Table] {
        let all = self
            .model
            .tables
            .iter()
            .flat_map(|child| child.parents().map(move |parent| ((&*parent.schema, &*parent.name), child)));
        self.children.get_or_init(|| grouped(all)).get(&(&*table.schema, &*table.name)).map_or(&[], Vec::as_slice)
    }

    /// Returns the tables below a table, parents before children.
    pub fn descendants(&self, table: &Table) -> Vec<&'m Table> {
        let (mut found, mut seen) = (Vec::new(), FxHashSet::default());
        let mut waiting: Vec<&'m Table> = self.children(table).to_vec();
        while let Some(child) = waiting.pop() {
            check();
            // A malformed snapshot may make a table its own child.
            if seen.insert((&child.schema, &child.name)) {
                found.push(child);
                waiting.extend(self.children(child).iter().copied());
            }
        }
        found
    }

    /// Returns the default partition of a table.
    pub fn default_partition(&self, schema: &str, table: &str) -> Option<&'m Table> {
        let partitions = self.model.tables.iter().filter_map(|table| Some((table, table.partition_of.as_ref()?)));
        let all = partitions.filter(|(_, partition)| partition.bound == "DEFAULT");
        let all = all.map(|(table, partition)| ((&*partition.parent.schema, &*partition.parent.name), table));
        self.default_partitions.get_or_init(|| by_key(all)).get(&(schema, table)).copied()
    }

    /// Returns whether the model has an extension.
    pub fn has_extension(&self, name: &str) -> bool {
        let all = self.model.extensions.iter().map(|extension| &*extension.name);
        self.extensions.get_or_init(|| all.collect()).contains(name)
    }

    /// Returns whether the model has an operator. A missing operand is `NONE`.
    pub fn has_operator(&self, name: (&str, &str), left: &str, right: &str) -> bool {
        let all = self.model.operators.iter().inspect(|_| check()).map(|operator| {
            let left = operator.left.as_deref().unwrap_or("NONE");
            ((&*operator.schema, &*operator.name), left, &*operator.right)
        });
        self.operators.get_or_init(|| all.collect()).contains(&(name, left, right))
    }

    /// Returns a type or domain by its name in columns.
    pub fn type_named(&self, name: &str) -> Option<ObjectRef<'m>> {
        // The server's types are printed without a schema, and are in no model.
        if !name.contains('.') {
            return None;
        }
        let domains = self.model.domains.iter().map(|own| (qualified(&own.schema, &own.name), ObjectRef::Domain(own)));
        let types = self.model.types.iter().map(|own| (qualified(&own.schema, &own.name), ObjectRef::Type(own)));
        self.types.get_or_init(|| by_key(domains.chain(types))).get(name).copied()
    }

    /// Returns the indexes of a partition that are attached to its parent's, and the constraints with such an index.
    pub fn attached_indexes<'a>(&'a self, table: &'a Table) -> &'a [ObjectKey] {
        let indexes = self.model.indexes.iter().filter(|own| own.attached_to.is_some());
        let indexes = indexes.map(|own| ((&*own.schema, &*own.table), own.object_key()));
        let is_attached = |own: &&Constraint| own.index.as_ref().is_some_and(|index| index.attached_to.is_some());
        let constraints = self.model.constraints.iter().filter(is_attached);
        let constraints = constraints.map(|own| ((&*own.schema, &*own.table), own.object_key()));
        let known = self.attached_indexes.get_or_init(|| grouped(indexes.chain(constraints)));
        known.get(&(&*table.schema, &*table.name)).map_or(&[], Vec::as_slice)
    }

    /// Returns whether a type, by its name in columns, is a table's row type.
    pub fn is_row_type(&self, name: &str) -> bool {
        let all = self.model.tables.iter().inspect(|_| check()).map(|own| qualified(&own.schema, &own.name));
        self.row_types.get_or_init(|| all.collect()).contains(name)
    }

    /// Returns the default privileges of a kind of object in a schema, in the model's order.
    pub fn defaults_in(
        &self,
        of: DefaultPrivilegesOn,
        schema: Option<&str>,
    ) -> impl Iterator<Item = &'m DefaultPrivileges> {
        let all = self.model.default_privileges.iter().enumerate();
        let all = all.map(|(at, own)| ((own.object_type, own.schema.as_deref()), at));
        let known = self.default_privileges.get_or_init(|| grouped(all));
        let everywhere = known.get(&(of, None)).into_iter().flatten();
        let here = schema.and_then(|schema| known.get(&(of, Some(schema))));
        let mut positions: Vec<usize> = everywhere.chain(here.into_iter().flatten()).copied().collect();
        positions.sort_unstable();
        positions.into_iter().filter_map(|at| self.model.default_privileges.get(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ForeignKey, PartitionOf, Policy, RelationName, View};

    fn model() -> Model {
        let table = |name: &str| Table { schema: "s".into(), name: name.into(), ..Table::default() };
        let of = |parent: &str| PartitionOf {
            parent: RelationName { schema: "s".into(), name: parent.into() },
            bound: "DEFAULT".to_owned(),
        };
        let key = ForeignKey {
            table: RelationName { schema: "s".into(), name: "part".into() },
            columns: vec!["id".into()],
            ..ForeignKey::default()
        };
        let constraint = Constraint {
            schema: "s".into(),
            table: "other".into(),
            name: "fk".into(),
            foreign_key: Some(Box::new(key)),
            ..Constraint::default()
        };
        let behind =
            Constraint { name: "pk".into(), foreign_key: None, index: Some(Box::default()), ..constraint.clone() };
        let policy = Policy { schema: "s".into(), table: "other".into(), name: "p".into(), ..Policy::default() };
        let view = View { schema: "s".into(), name: "v".into(), depends_on: vec![key_of("part")], ..View::default() };
        Model {
            tables: vec![table("other"), Table { partition_of: Some(of("whole")), ..table("part") }, table("whole")],
            constraints: vec![constraint, behind],
            policies: vec![policy],
            views: vec![view],
            ..Model::default()
        }
    }

    fn key_of(table: &str) -> ObjectKey {
        ObjectKey::in_schema(ObjectKind::Table, &"s".into(), &table.into())
    }

    fn names<'m>(objects: impl IntoIterator<Item = &'m ObjectRef<'m>>) -> Vec<String> {
        objects.into_iter().map(|object| object.object().key().name().to_owned()).collect()
    }

    #[test]
    fn objects_are_found_by_key() {
        let model = model();
        let index = ModelIndex::of(&model);
        assert_eq!(names(&index.get(&key_of("part"))), ["part"]);
        let behind = ObjectKey::in_schema(ObjectKind::Index, &"s".into(), &"pk".into());
        assert!(matches!(index.get(&behind), Some(ObjectRef::Constraint(_))));
        assert!(index.get(&key_of("none")).is_none());
        assert!(index.table("s", "whole").is_some() && index.table("t", "whole").is_none());
    }

    #[test]
    fn parts_and_parents_correspond() {
        let model = model();
        let index = ModelIndex::of(&model);
        assert_eq!(names(index.parts_of(&key_of("other"))), ["fk", "pk", "p"]);
        assert_eq!(names(index.parts_of(&key_of("whole"))), ["part"]);
        for object in model.objects() {
            if let Some(parent) = index.parent_of(object) {
                let key = object.object().key();
                let parts = index.parts_of(&parent.object().key());
                assert!(parts.iter().any(|part| part.object().key() == key), "{key}");
            }
        }
        assert_eq!(index.constraints_of("s", "other").len(), 2);
        assert_eq!(index.foreign_keys("s", "other").len(), 1);
        assert!(index.is_referenced("s", "part") && !index.is_referenced("s", "other"));
    }

    #[test]
    fn dependents_are_the_objects_that_require_it() {
        let model = model();
        let index = ModelIndex::of(&model);
        assert_eq!(names(index.dependents_of(&key_of("part"))), ["v", "fk"]);
        assert_eq!(names(index.dependents_of(&key_of("whole"))), ["part"]);
        let foreign_key = ObjectRef::Constraint(&model.constraints[0]);
        assert_eq!(names(&index.required_by(foreign_key)), ["other", "part"]);
    }
}
