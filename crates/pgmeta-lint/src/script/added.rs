//! What the server adds to a constraint or an index of a statement: the name, the columns, the index. Changes nothing.

use pgmeta_core::model::ConstraintKind;

use crate::script::world::{Place, Relation};
use crate::script::{ConstraintDefinition, IndexDefinition, IndexKey, Names};

/// A constraint to add, with what the server adds to its definition.
pub(crate) struct Added {
    pub name: String,
    pub definition: ConstraintDefinition,
    /// The index that it takes.
    pub takes: Option<Relation>,
    /// The index that the server builds for it.
    pub key: Option<IndexDefinition>,
}

impl Added {
    pub fn of(constraint: &ConstraintDefinition, (schema, table): &Place, of: &Relation, names: Names<'_, '_>) -> Self {
        let mut definition = constraint.clone();
        let takes = constraint.using_index.as_ref().and_then(|index| names.index_at(schema, index));
        if let Some(index) = takes.as_ref().and_then(|index| names.present_index(index)) {
            definition.columns = index.definition.key_columns().map(str::to_owned).collect();
        }
        let chosen = || {
            let base = constraint_name(table, constraint);
            names.free(&base, |name| names.constraint(of, name).is_some() || names.at(schema, name).is_some())
        };
        let name = constraint.name.clone().or_else(|| constraint.using_index.clone()).unwrap_or_else(chosen);
        let key = |column: &String| IndexKey { column: Some(column.clone()), ..IndexKey::default() };
        let key = definition.has_index().then(|| IndexDefinition {
            method: "btree".to_owned(),
            keys: definition.columns.iter().map(key).collect(),
            ..IndexDefinition::default()
        });
        Self { name, definition, takes, key }
    }
}

/// Returns the name that the server chooses for a constraint, without a number.
fn constraint_name(table: &str, own: &ConstraintDefinition) -> String {
    let columns = own.columns.join("_");
    match (own.kind, &*own.columns) {
        (ConstraintKind::PrimaryKey, _) => format!("{table}_pkey"),
        (ConstraintKind::Unique, _) => format!("{table}_{columns}_key"),
        (ConstraintKind::ForeignKey, _) => format!("{table}_{columns}_fkey"),
        (ConstraintKind::Exclusion, _) => format!("{table}_{columns}_excl"),
        (ConstraintKind::Check, [only]) => format!("{table}_{only}_check"),
        (ConstraintKind::Check, _) => format!("{table}_check"),
    }
}

/// Returns the name that the server chooses for an index, without a number.
pub(crate) fn index_name(table: &str, own: &IndexDefinition) -> String {
    let keys: Vec<&str> = own.keys.iter().map(|key| key.column.as_deref().unwrap_or("expr")).collect();
    format!("{table}_{}_idx", keys.join("_"))
}
