//! Rows of table constraints.

use crate::catalog_rows::Ingest;
use crate::catalog_rows::builder::{Address, Builder};
use crate::catalog_rows::class;
use crate::cells::RowError;
use crate::ident::Name;
use crate::model::{
    Constraint, ConstraintIndex, ConstraintKind, ForeignKey, ForeignKeyAction, ForeignKeyMatch, RelationName,
};

row! {
    pub struct ConstraintRow = "constraints" of CONSTRAINT {
        oid: u32, name: Name, relation: u32, kind: u8, columns: Option<Vec<i16>>, foreign_table: u32,
        foreign_columns: Option<Vec<i16>>, foreign_match: u8, foreign_update: u8, foreign_delete: u8,
        foreign_delete_columns: Option<Vec<i16>>, deferrable: bool, deferred: bool, validated: bool, enforced: bool,
        period: bool, no_inherit: bool, local: bool, has_parent: bool,
        /// For a check.
        condition: Option<String>,
        /// For an exclusion constraint: the whole definition.
        definition: Option<String>,
        index: Option<u32>,
    }
}

impl Ingest for ConstraintRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        let kind = ConstraintKind::from_code(self.kind)?;
        let on_member = !builder.table_at.contains_key(&self.relation);
        if on_member {
            builder.member_constraint_indexes.extend(self.index);
            return Ok(());
        }
        // The server creates a partition's foreign key with the parent's.
        if kind == ConstraintKind::ForeignKey && self.has_parent {
            return Ok(());
        }
        let relation = builder.names.relation(self.relation)?.clone();
        let keys = self.columns.as_deref().unwrap_or_default();
        let columns = match kind {
            ConstraintKind::Check | ConstraintKind::Exclusion => Vec::new(),
            _ => builder.column_names(self.relation, keys)?,
        };
        let foreign_key = match kind {
            ConstraintKind::ForeignKey => {
                let table = builder.names.relation(self.foreign_table)?.clone();
                Some(ForeignKey {
                    table: RelationName { schema: table.schema, name: table.name },
                    columns: builder
                        .column_names(self.foreign_table, self.foreign_columns.as_deref().unwrap_or_default())?,
                    matching: ForeignKeyMatch::from_code(self.foreign_match)?,
                    on_update: ForeignKeyAction::from_code(self.foreign_update)?,
                    on_delete: ForeignKeyAction::from_code(self.foreign_delete)?,
                    on_delete_columns: builder
                        .column_names(self.relation, self.foreign_delete_columns.as_deref().unwrap_or_default())?,
                })
            }
            _ => None,
        };
        // The row of the index, which comes later, sets the rest.
        let index = self.index.map(|oid| ConstraintIndex {
            comment: builder.take_comment(Address::of(class::CLASS, oid)),
            ..ConstraintIndex::default()
        });
        let mut constraint = Constraint {
            schema: relation.schema.clone(),
            table: relation.name.clone(),
            name: self.name,
            kind,
            columns,
            expression: self.condition.or(self.definition),
            foreign_key: foreign_key.map(Box::new),
            index: index.map(Box::new),
            deferrable: self.deferrable,
            initially_deferred: self.deferred,
            not_valid: !self.validated,
            not_enforced: !self.enforced,
            no_inherit: self.no_inherit && kind == ConstraintKind::Check,
            inherited: !self.local && kind == ConstraintKind::Check,
            period: self.period,
            on_partitioned: relation.kind == b'p',
            on_foreign: relation.kind == b'f',
            ..Constraint::default()
        };
        builder.describe(&mut constraint, Address::of(class::CONSTRAINT, self.oid), None, None)?;
        if let Some(index) = self.index {
            builder.alias(class::CLASS, index, (class::CONSTRAINT, self.oid));
            builder.constraint_indexes.insert(index, builder.model.constraints.len());
        }
        builder.model.constraints.push(constraint);
        Ok(())
    }
}
