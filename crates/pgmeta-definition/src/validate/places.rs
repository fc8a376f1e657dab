//! The tables and domains of a definition by schema and name.

use pgmeta_core::ident::Name;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::definition::Definition;
use crate::validate::schema_of;

/// Positions in the lists of the definition. Of equal names, the last counts.
pub(super) struct Places {
    tables: FxHashMap<(Name, Name), usize>,
    domains: FxHashMap<(Name, Name), usize>,
    table_schemas: FxHashSet<Name>,
}

impl Places {
    pub(super) fn of(definition: &Definition) -> Self {
        let place = |schema: &Option<Name>, name: &Name| (schema_of(schema.as_ref(), definition), name.clone());
        let tables: FxHashMap<_, _> =
            definition.tables.iter().enumerate().map(|(at, own)| (place(&own.schema, &own.name), at)).collect();
        let domains = definition.domains.iter().enumerate().map(|(at, own)| (place(&own.schema, &own.name), at));
        let table_schemas = tables.keys().map(|(schema, _)| schema.clone()).collect();
        Self { domains: domains.collect(), table_schemas, tables }
    }

    pub(super) fn table(&self, schema: &Name, name: &Name) -> Option<usize> {
        self.tables.get(&(schema.clone(), name.clone())).copied()
    }

    pub(super) fn domain(&self, place: &(Name, Name)) -> Option<usize> {
        self.domains.get(place).copied()
    }

    /// Returns whether the definition has a table in a schema: another table there is missing, and not somebody else's.
    pub(super) fn has_tables_in(&self, schema: &Name) -> bool {
        self.table_schemas.contains(schema)
    }
}
