//! Constraints of a table's definition, without the names that PostgreSQL would choose.

use pgmeta_core::model::{Constraint, ConstraintKind, Table};

use crate::constraint::{
    CheckDefinition, ExclusionDefinition, ForeignKeyDefinition, FullCheck, FullKey, KeyDefinition, Reference, Word,
};
use crate::from_model::Reader;
use crate::settings::Settings;
use crate::table::TableDefinition;

impl Reader<'_> {
    /// Returns a table with its constraints alone.
    pub(super) fn constraints(&self, table: &Table) -> TableDefinition {
        let mut made = TableDefinition { name: table.name.clone(), ..TableDefinition::default() };
        // The names of checks depend on the columns.
        made.columns = table.columns.iter().map(|own| self.column(table, own)).collect();
        for own in self.index.constraints_of(&table.schema, &table.name) {
            let is_of_parent = own.inherited || own.index.as_ref().is_some_and(|index| index.attached_to.is_some());
            if is_of_parent {
                continue;
            }
            match own.kind {
                ConstraintKind::Check => made.checks.push(CheckDefinition(check(own))),
                ConstraintKind::PrimaryKey => made.primary_key = Some(KeyDefinition(key(own))),
                ConstraintKind::Unique => made.unique.push(KeyDefinition(key(own))),
                ConstraintKind::Exclusion => made.exclusions.push(exclusion(own)),
                ConstraintKind::ForeignKey => made.foreign_keys.extend(self.foreign_key(own, table)),
            }
        }
        made.columns = Vec::new();
        made
    }

    fn foreign_key(&self, own: &Constraint, table: &Table) -> Option<ForeignKeyDefinition> {
        let key = own.foreign_key.as_deref()?;
        // Those of the primary key need not be written.
        let of_target = self.index.constraints_of(&key.table.schema, &key.table.name).iter();
        let primary = of_target.clone().find(|own| own.kind == ConstraintKind::PrimaryKey);
        let is_primary = primary.is_some_and(|own| own.columns == key.columns);
        Some(ForeignKeyDefinition {
            columns: own.columns.clone(),
            references: Reference {
                table: key.table.name.clone(),
                schema: (key.table.schema != table.schema).then(|| key.table.schema.clone()),
                columns: if is_primary { Vec::new() } else { key.columns.clone() },
            },
            name: Some(own.name.clone()),
            on_update: Word(key.on_update),
            on_delete: Word(key.on_delete),
            on_delete_columns: key.on_delete_columns.clone(),
            r#match: Word(key.matching),
            deferrable: own.deferrable,
            initially_deferred: own.initially_deferred,
            not_valid: own.not_valid,
            not_enforced: own.not_enforced,
            period: own.period,
            comment: own.comment.clone(),
        })
    }
}

fn check(own: &Constraint) -> FullCheck {
    FullCheck {
        expression: own.expression.clone().unwrap_or_default(),
        name: Some(own.name.clone()),
        no_inherit: own.no_inherit,
        not_valid: own.not_valid,
        not_enforced: own.not_enforced,
        comment: own.comment.clone(),
    }
}

fn key(own: &Constraint) -> FullKey {
    let index = own.index.as_deref().cloned().unwrap_or_default();
    FullKey {
        columns: own.columns.clone(),
        name: Some(own.name.clone()),
        include: index.include,
        nulls_not_distinct: index.nulls_not_distinct,
        deferrable: own.deferrable,
        initially_deferred: own.initially_deferred,
        without_overlaps: own.period,
        options: Settings(index.options),
        comment: own.comment.clone(),
    }
}

fn exclusion(own: &Constraint) -> ExclusionDefinition {
    let mut text = own.expression.as_deref().unwrap_or_default();
    if own.initially_deferred {
        text = text.strip_suffix(" INITIALLY DEFERRED").unwrap_or(text);
    }
    if own.deferrable {
        text = text.strip_suffix(" DEFERRABLE").unwrap_or(text);
    }
    ExclusionDefinition {
        definition: text.to_owned(),
        name: Some(own.name.clone()),
        deferrable: own.deferrable,
        initially_deferred: own.initially_deferred,
        comment: own.comment.clone(),
    }
}
