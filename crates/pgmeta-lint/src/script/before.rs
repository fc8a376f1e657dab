//! The schema before a script, by the names of its relations, schemas, functions and domains. Knows nothing of the script.

use pgmeta_core::interrupt::check;
use pgmeta_core::model::{Domain, ModelIndex, Table};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::script::{Assumptions, ObjectName};

/// What existed before a script, for look-ups by name.
pub(crate) struct Before<'m> {
    index: &'m ModelIndex<'m>,
    assumptions: &'m Assumptions,
    relations: FxHashSet<(&'m str, &'m str)>,
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
        relations.extend(keys.map(|own| (&*own.schema, &*own.name)));
        let schemas = model.schemas.iter().map(|own| &*own.name);
        Self {
            index,
            assumptions,
            relations,
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
        parts
    }

    /// Returns the tables to which the foreign keys of a table refer.
    pub fn referenced_by(&self, schema: &str, name: &str) -> Vec<ObjectName> {
        let keys = self.index.foreign_keys(schema, name).iter().filter_map(|own| own.foreign_key.as_ref());
        keys.map(|key| ObjectName::in_schema(&key.table.schema, &key.table.name)).collect()
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

    pub fn default_partition(&self, schema: &str, name: &str) -> Option<&'m Table> {
        self.index.default_partition(schema, name)
    }

    pub fn domain(&self, schema: &str, name: &str) -> Option<&'m Domain> {
        self.domains.get(&(schema, name)).copied()
    }

    /// Returns the columns with a type, or an array of it, by the name that `format_type` gives it.
    pub fn columns_of_type(&self, name: &str) -> Vec<(&'m Table, &'m str)> {
        let is_meant = |data_type: &str| data_type.strip_suffix("[]").unwrap_or(data_type) == name;
        let tables = self.index.model().tables.iter().inspect(|_| check());
        let columns = tables.flat_map(|table| table.columns.iter().map(move |column| (table, column)));
        let meant = columns.filter(|(_, column)| is_meant(&column.data_type));
        meant.map(|(table, column)| (table, &*column.name)).collect()
    }

    /// Returns whether the values of a type are stored as those of another, by the names that `format_type` gives them.
    pub fn is_binary_cast(&self, source: &str, target: &str) -> bool {
        self.assumptions.binary_casts.contains(&(source.to_owned(), target.to_owned()))
    }

    /// Returns whether a function is volatile; `None` if it is not known.
    pub fn is_volatile(&self, schema: &str, name: &str) -> Option<bool> {
        self.assumptions.functions.get(&(schema.to_owned(), name.to_owned())).copied()
    }
}
