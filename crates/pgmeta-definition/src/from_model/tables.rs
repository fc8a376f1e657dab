//! Tables of a definition, with what belongs to them.

use pgmeta_core::ident::Name;
use pgmeta_core::model::{Column, ObjectKind, ObjectRef, Persistence, RelationName, Table};
use serde_json::Map;

use crate::column::ColumnDefinition;
use crate::from_model::Reader;
use crate::from_model::parts::{index, policy};
use crate::settings::Settings;
use crate::table::{Inherits, PartitionDefinition, TableDefinition};

impl Reader<'_> {
    pub(super) fn table(&self, own: &Table) -> TableDefinition {
        let place = (own.schema.clone(), own.name.clone());
        let other = |schema: &Name| (*schema != own.schema).then(|| schema.clone());
        let inherits = |parent: &RelationName| Inherits { table: parent.name.clone(), schema: other(&parent.schema) };
        let partition_of = own.partition_of.as_ref().map(|of| PartitionDefinition {
            table: of.parent.name.clone(),
            bound: of.bound.clone(),
            schema: other(&of.parent.schema),
        });
        let constraints = self.constraints(own);
        let mut columns: Vec<ColumnDefinition> = own
            .columns
            .iter()
            .filter(|column| self.is_declared(own, column))
            .map(|column| self.column(own, column))
            .collect();
        // What the key says, its columns need not say.
        let key = constraints.primary_key.as_ref().map(|key| key.0.columns.clone()).unwrap_or_default();
        columns.iter_mut().filter(|column| key.contains(&column.name)).for_each(|column| column.nullable = true);
        let policies = self.model.policies.iter().filter(|own| (&own.schema, &own.table) == (&place.0, &place.1));
        let indexes = self.index.indexes_of(&place.0, &place.1).iter().filter(|own| own.attached_to.is_none());
        TableDefinition {
            name: own.name.clone(),
            schema: self.other_schema(&own.schema),
            columns,
            indexes: indexes.map(|own| index(own)).collect(),
            row_security: own.row_security,
            force_row_security: own.force_row_security,
            policies: policies.map(policy).collect(),
            triggers: self.triggers(&place.0, &place.1),
            partition_by: own.partition_by.clone(),
            partition_of,
            inherits: own.inherits.iter().map(inherits).collect(),
            unlogged: own.persistence == Persistence::Unlogged,
            replica_identity: own.replica_identity,
            options: Settings(own.options.clone()),
            comment: own.comment.clone(),
            grants: self.grants(ObjectRef::Table(own), ObjectKind::Table),
            labels: Map::new(),
            position: Map::new(),
            ..constraints
        }
    }

    /// Returns whether a table declares a column itself: a partition's are mostly those of its parent.
    fn is_declared(&self, table: &Table, column: &Column) -> bool {
        if !column.has_parent {
            return true;
        }
        let parents = table.parents().filter_map(|parent| self.index.table(&parent.schema, &parent.name));
        let same = |of_parent: &&Column| {
            of_parent.default == column.default
                && of_parent.not_null.is_some() == column.not_null.is_some()
                && column.comment.is_none()
                && column.privileges.is_none()
                && column.options.is_empty()
                && column.statistics_target.is_none()
                && of_parent.storage == column.storage
                && of_parent.compression == column.compression
        };
        let mut found = parents.filter_map(|parent| self.index.column(parent, &column.name));
        !(found.any(|of_parent| same(&of_parent)) && (column.inherited || table.partition_of.is_some()))
    }
}
