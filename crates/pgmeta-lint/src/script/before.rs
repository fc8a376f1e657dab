//! The schema before a script, by the names of its relations, schemas, functions and domains. Knows nothing of the script.

use pgmeta_core::interrupt::check;
use pgmeta_core::model::{
    Column, Constraint, Domain, Index, ModelIndex, ObjectKey, ObjectKind, ObjectRef, RelationName, Table,
};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::script::{Assumptions, ObjectName};

/// What existed before a script, for look-ups by name.
pub(crate) struct Before<'m> {
    index: &'m ModelIndex<'m>,
    assumptions: &'m Assumptions,
    relations: FxHashSet<(&'m str, &'m str)>,
    /// The constraints that have an index, by its name.
    keys: FxHashMap<(&'m str, &'m str), &'m Constraint>,
    schemas: FxHashSet<&'m str>,
    domains: FxHashMap<(&'m str, &'m str), &'m Domain>,
}

impl<'m> Before<'m> {
    pub fn new(index: &'m ModelIndex<'m>, assumptions: &'m Assumptions) -> Self {
        let model = index.model();
        let mut relations = FxHashSet::default();
        relations.extend(model.tables.iter().inspect(|_| check()).map(|own| (&*own.schema, &*own.name)));
        relations.extend(model.views.iter().inspect(|_| check()).map(|own| (&*own.schema, &*own.name)));
        relations.extend(model.materialized_views.iter().map(|own| (&*own.schema, &*own.name)));
        relations.extend(model.sequences.iter().inspect(|_| check()).map(|own| (&*own.schema, &*own.name)));
        relations.extend(model.indexes.iter().inspect(|_| check()).map(|own| (&*own.schema, &*own.name)));
        // The index of a constraint has its name.
        let keys = model.constraints.iter().inspect(|_| check()).filter(|own| own.index.is_some());
        let keys: FxHashMap<_, _> = keys.map(|own| ((&*own.schema, &*own.name), own)).collect();
        relations.extend(keys.keys());
        let schemas = model.schemas.iter().map(|own| &*own.name);
        Self {
            index,
            assumptions,
            relations,
            keys,
            schemas: schemas.chain(assumptions.search_path.iter().map(String::as_str)).collect(),
            domains: model.domains.iter().map(|own| ((&*own.schema, &*own.name), own)).collect(),
        }
    }

    /// Returns the search path of a session that sets none.
    pub fn search_path(&self) -> &'m [String] {
        &self.assumptions.search_path
    }

    pub fn has_relation(&self, schema: &str, name: &str) -> bool {
        self.relations.contains(&(schema, name))
    }

    /// Returns the indexes and partitions of a relation, with their indexes.
    pub fn parts_of(&self, schema: &str, name: &str) -> Vec<(String, String)> {
        let table = self.table(schema, name);
        let partitions = table.into_iter().flat_map(|own| self.index.descendants(own));
        let partitions: Vec<&Table> = partitions.filter(|own| own.partition_of.is_some()).collect();
        let relations = partitions.iter().map(|own| (&*own.schema, &*own.name)).chain([(schema, name)]);
        let mut parts: Vec<(String, String)> = Vec::new();
        for (schema, name) in relations {
            let indexes = self.index.indexes_of(schema, name).iter().map(|own| &own.name);
            let keys = self.index.constraints_of(schema, name).iter().filter(|own| own.index.is_some());
            parts.extend(indexes.chain(keys.map(|own| &own.name)).map(|own| (schema.to_owned(), own.to_string())));
        }
        parts.extend(partitions.iter().map(|own| (own.schema.to_string(), own.name.to_string())));
        if self.has_index(schema, name) {
            parts.extend(self.attached_to(schema, name));
        }
        parts
    }

    /// Returns the indexes that are parts of an index, and their parts.
    fn attached_to(&self, schema: &str, name: &str) -> Vec<(String, String)> {
        let model = self.index.model();
        let own = model.indexes.iter().map(|own| (&own.schema, &own.name, own.attached_to.as_ref()));
        let of_index = |own: &'m Constraint| own.index.as_ref().and_then(|index| index.attached_to.as_ref());
        let keys = model.constraints.iter().map(|own| (&own.schema, &own.name, of_index(own)));
        let all: Vec<_> = own.chain(keys).inspect(|_| check()).filter(|(.., parent)| parent.is_some()).collect();
        let mut found = vec![(schema.to_owned(), name.to_owned())];
        let mut at = 0;
        // A malformed snapshot may make an index its own part.
        while let Some((schema, name)) = found.get(at).cloned().filter(|_| at <= all.len()) {
            let is_part = |parent: &RelationName| *parent.schema == *schema && *parent.name == *name;
            let parts = all.iter().filter(|(.., parent)| parent.is_some_and(is_part));
            found.extend(parts.map(|(schema, name, _)| (schema.to_string(), name.to_string())));
            at += 1;
        }
        found.split_off(1)
    }

    /// Returns the tables to which the foreign keys of a table refer.
    pub fn referenced_by(&self, schema: &str, name: &str) -> Vec<ObjectName> {
        let keys = self.index.foreign_keys(schema, name).iter().filter_map(|own| own.foreign_key.as_ref());
        keys.map(|key| ObjectName::in_schema(&key.table.schema, &key.table.name)).collect()
    }

    pub fn constraints_of<'a>(&'a self, schema: &'a str, table: &'a str) -> &'a [&'m Constraint] {
        self.index.constraints_of(schema, table)
    }

    pub fn indexes_of<'a>(&'a self, schema: &'a str, table: &'a str) -> &'a [&'m Index] {
        self.index.indexes_of(schema, table)
    }

    /// Returns an index that is behind no constraint.
    pub fn index(&self, schema: &str, name: &str) -> Option<&'m Index> {
        let key = ObjectKey::in_schema(ObjectKind::Index, &schema.into(), &name.into());
        self.index.get(&key).and_then(|own| if let ObjectRef::Index(index) = own { Some(index) } else { None })
    }

    pub fn has_index(&self, schema: &str, name: &str) -> bool {
        self.key_constraint(schema, name).is_some() || self.index(schema, name).is_some()
    }

    /// Returns whether a table has a trigger, a policy or a rule with a name.
    pub fn has_part(&self, kind: &str, schema: &str, table: &str, name: &str) -> bool {
        let kind = match kind {
            "trigger" => ObjectKind::Trigger,
            "policy" => ObjectKind::Policy,
            _ => ObjectKind::Rule,
        };
        self.index.get(&ObjectKey::on_relation(kind, &schema.into(), &table.into(), &name.into())).is_some()
    }

    /// Returns the constraint that an index is behind.
    pub fn key_constraint(&self, schema: &str, name: &str) -> Option<&'m Constraint> {
        self.keys.get(&(schema, name)).copied()
    }

    /// Returns a table of a schema, if it has one.
    pub fn any_table_of(&self, schema: &str) -> Option<ObjectName> {
        let mut tables = self.index.model().tables.iter().inspect(|_| check());
        tables.find(|own| &*own.schema == schema).map(|own| ObjectName::in_schema(schema, &own.name))
    }

    /// Returns whether the role may use a schema. The server skips others in a search path.
    pub fn is_usable(&self, schema: &str) -> bool {
        !self.assumptions.unusable_schemas.contains(schema)
    }

    pub fn has_schema(&self, name: &str) -> bool {
        self.schemas.contains(name)
    }

    pub fn table(&self, schema: &str, name: &str) -> Option<&'m Table> {
        self.index.table(schema, name)
    }

    /// Returns whether other tables inherit from a table.
    pub fn has_children(&self, table: &Table) -> bool {
        !self.index.children(table).is_empty()
    }

    pub fn default_partition(&self, schema: &str, name: &str) -> Option<&'m Table> {
        self.index.default_partition(schema, name)
    }

    pub fn domain(&self, schema: &str, name: &str) -> Option<&'m Domain> {
        self.domains.get(&(schema, name)).copied()
    }

    pub fn domains(&self) -> impl Iterator<Item = &'m Domain> {
        self.index.model().domains.iter()
    }

    /// Returns the relations that have rows of their own, with their columns.
    pub fn with_rows(&self) -> impl Iterator<Item = (&'m str, &'m str, &'m [Box<Column>])> {
        let model = self.index.model();
        let tables = model.tables.iter().map(|own| (&*own.schema, &*own.name, &*own.columns));
        tables.chain(model.materialized_views.iter().map(|own| (&*own.schema, &*own.name, &*own.columns)))
    }

    /// Returns the types of an extension that the script drops.
    pub fn types_of_extension(&self, name: &str) -> &'m [String] {
        self.assumptions.extension_types.get(name).map_or(&[], Vec::as_slice)
    }

    pub fn is_server_type(&self, name: &str) -> bool {
        self.assumptions.server_types.contains(name)
    }

    /// Returns whether the values of a type are stored as those of another, by the names that `format_type` gives them.
    pub fn is_binary_cast(&self, source: &str, target: &str) -> bool {
        self.assumptions.binary_casts.contains(&(source.to_owned(), target.to_owned()))
    }

    /// Returns the operator class that a type has by default, if a binary cast knows the type.
    pub fn default_class(&self, name: &str, method: &str) -> Option<&'m str> {
        self.assumptions.default_classes.get(&(name.to_owned(), method.to_owned())).map(String::as_str)
    }

    /// Returns whether a function is volatile; `None` if it is not known.
    pub fn is_volatile(&self, schema: &str, name: &str) -> Option<bool> {
        self.assumptions.functions.get(&(schema.to_owned(), name.to_owned())).copied()
    }
}
