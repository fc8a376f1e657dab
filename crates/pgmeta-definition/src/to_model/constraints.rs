//! Constraints of the model's tables, with the names that PostgreSQL would choose.

use pgmeta_core::ident::Name;
use pgmeta_core::interrupt::check;
use pgmeta_core::model::{Constraint, ConstraintIndex, ConstraintKind, ForeignKey, RelationName};

use crate::constraint::{CheckDefinition, ExclusionDefinition, ForeignKeyDefinition, FullKey, KeyDefinition};
use crate::default_names::{Label, columns_part};
use crate::expression::identifiers;
use crate::table::TableDefinition;
use crate::to_model::Maker;

impl Maker<'_> {
    /// Notes the names that the definition gives itself: chosen names avoid them.
    pub fn note_given_names(&mut self) {
        for table in &self.definition.tables {
            check();
            let schema = table.schema.clone().unwrap_or_else(|| self.definition.own_schema());
            let mut note = |label: Label, name: &Option<Name>| {
                name.iter().for_each(|name| self.taken.add(label, &schema, name));
            };
            table.primary_key.iter().for_each(|own| note(Label::PrimaryKey, &own.0.name));
            table.unique.iter().for_each(|own| note(Label::Unique, &own.0.name));
            table.foreign_keys.iter().for_each(|own| note(Label::ForeignKey, &own.name));
            table.checks.iter().for_each(|own| note(Label::Check, &own.0.name));
            table.exclusions.iter().for_each(|own| note(Label::Exclusion, &own.name));
            table.indexes.iter().for_each(|own| note(Label::Index, &own.name));
        }
    }

    pub fn add_constraints(&mut self, table: &TableDefinition, schema: &Name) {
        let is_partitioned = table.partition_by.is_some();
        let base = |kind: ConstraintKind, name: Name, comment: &Option<String>| Constraint {
            schema: schema.clone(),
            table: table.name.clone(),
            name,
            kind,
            on_partitioned: is_partitioned,
            comment: comment.clone(),
            ..Constraint::default()
        };
        for own in &table.checks {
            let CheckDefinition(own) = own;
            let columns = check_columns(&own.expression, table);
            let name = self.name(Label::Check, own.name.as_ref(), schema, &table.name, &columns);
            self.model.constraints.push(Constraint {
                expression: Some(own.expression.clone()),
                no_inherit: own.no_inherit,
                not_valid: own.not_valid,
                not_enforced: own.not_enforced,
                columns: Vec::new(),
                ..base(ConstraintKind::Check, name, &own.comment)
            });
        }
        for (label, key) in keys(table) {
            let part = if label == Label::PrimaryKey { String::new() } else { part(&key.columns) };
            let name = self.name(label, key.name.as_ref(), schema, &table.name, &part);
            let kind = if label == Label::PrimaryKey { ConstraintKind::PrimaryKey } else { ConstraintKind::Unique };
            self.model.constraints.push(Constraint {
                columns: key.columns.clone(),
                index: Some(Box::new(ConstraintIndex {
                    include: key.include.clone(),
                    nulls_not_distinct: key.nulls_not_distinct,
                    options: key.options.0.clone(),
                    ..ConstraintIndex::default()
                })),
                deferrable: key.deferrable,
                initially_deferred: key.initially_deferred,
                period: key.without_overlaps,
                ..base(kind, name, &key.comment)
            });
        }
        for own in &table.exclusions {
            self.add_exclusion(own, table, schema, &base);
        }
        let mut keys: Vec<&ForeignKeyDefinition> = table.foreign_keys.iter().collect();
        // Where the server names keys itself, other names must not be in its way: those of partitions first.
        keys.sort_by_key(|own| (!self.taken.has_partitions(&target_of(own, schema)), own.name.is_none()));
        for own in keys {
            self.add_foreign_key(own, table, schema, &base);
        }
    }

    fn add_exclusion(
        &mut self,
        own: &ExclusionDefinition,
        table: &TableDefinition,
        schema: &Name,
        base: &dyn Fn(ConstraintKind, Name, &Option<String>) -> Constraint,
    ) {
        let part = exclusion_columns(&own.definition, table);
        let name = self.name(Label::Exclusion, own.name.as_ref(), schema, &table.name, &part);
        let mut text = own.definition.clone();
        if own.deferrable {
            text.push_str(" DEFERRABLE");
        }
        if own.initially_deferred {
            text.push_str(" INITIALLY DEFERRED");
        }
        self.model.constraints.push(Constraint {
            expression: Some(text),
            index: Some(Box::default()),
            deferrable: own.deferrable,
            initially_deferred: own.initially_deferred,
            ..base(ConstraintKind::Exclusion, name, &own.comment)
        });
    }

    fn add_foreign_key(
        &mut self,
        own: &ForeignKeyDefinition,
        table: &TableDefinition,
        schema: &Name,
        base: &dyn Fn(ConstraintKind, Name, &Option<String>) -> Constraint,
    ) {
        let name = self.name(Label::ForeignKey, own.name.as_ref(), schema, &table.name, &part(&own.columns));
        let target = RelationName {
            schema: own.references.schema.clone().unwrap_or_else(|| schema.clone()),
            name: own.references.table.clone(),
        };
        self.taken.add_of_partitions(&target_of(own, schema), schema, &table.name, &part(&own.columns));
        let columns = match own.references.columns.is_empty() {
            true => self.primary_key_of(&target),
            false => own.references.columns.clone(),
        };
        self.model.constraints.push(Constraint {
            columns: own.columns.clone(),
            foreign_key: Some(Box::new(ForeignKey {
                table: target,
                columns,
                matching: own.r#match.0,
                on_update: own.on_update.0,
                on_delete: own.on_delete.0,
                on_delete_columns: own.on_delete_columns.clone(),
            })),
            deferrable: own.deferrable,
            initially_deferred: own.initially_deferred,
            not_valid: own.not_valid,
            not_enforced: own.not_enforced,
            period: own.period,
            ..base(ConstraintKind::ForeignKey, name, &own.comment)
        });
    }

    fn name(&mut self, label: Label, given: Option<&Name>, schema: &Name, table: &str, columns: &str) -> Name {
        given.cloned().unwrap_or_else(|| self.taken.choose(label, schema, table, columns))
    }

    /// Returns the columns of a table's primary key.
    fn primary_key_of(&self, target: &RelationName) -> Vec<Name> {
        let own = self.definition.own_schema();
        let mut tables = self.definition.tables.iter();
        let table =
            tables.find(|table| table.name == target.name && *table.schema.as_ref().unwrap_or(&own) == target.schema);
        let keys = table.into_iter().flat_map(keys);
        keys.filter(|(label, _)| *label == Label::PrimaryKey).flat_map(|(_, key)| key.columns).collect()
    }
}

/// Returns schema and name of the table that a foreign key refers to; `schema` is that of its own table.
pub(crate) fn target_of(own: &ForeignKeyDefinition, schema: &Name) -> (Name, Name) {
    (own.references.schema.clone().unwrap_or_else(|| schema.clone()), own.references.table.clone())
}

/// Returns the primary key and the unique constraints of a table, those of single columns included.
pub(crate) fn keys(table: &TableDefinition) -> Vec<(Label, FullKey)> {
    let of = |label: Label, own: &KeyDefinition| (label, own.0.clone());
    let alone = |column: &Name| FullKey { columns: vec![column.clone()], ..FullKey::default() };
    let columns = || table.columns.iter();
    let primary = table.primary_key.iter().map(|own| of(Label::PrimaryKey, own));
    let of_columns = columns().filter(|own| own.primary_key).map(|own| (Label::PrimaryKey, alone(&own.name)));
    let unique = table.unique.iter().map(|own| of(Label::Unique, own));
    let unique_columns = columns().filter(|own| own.unique).map(|own| (Label::Unique, alone(&own.name)));
    primary.chain(of_columns).chain(unique_columns).chain(unique).collect()
}

/// Returns the part that columns have in the name of a constraint.
pub(crate) fn part(columns: &[Name]) -> String {
    columns_part(columns.iter().map(|column| &**column))
}

/// Returns the part that the columns of an exclusion constraint have in its name.
pub(crate) fn exclusion_columns(definition: &str, table: &TableDefinition) -> String {
    let used = identifiers(definition);
    let columns = table.columns.iter().map(|own| &*own.name);
    columns_part(columns.filter(|name| used.iter().any(|own| own == name)))
}

/// Returns the part that a check's columns have in its name: the column, if it is the only one.
pub(crate) fn check_columns(expression: &str, table: &TableDefinition) -> String {
    let used = identifiers(expression);
    let mut columns = table.columns.iter().map(|own| &*own.name).filter(|name| used.iter().any(|own| own == name));
    match (columns.next(), columns.next()) {
        (Some(only), None) => only.to_owned(),
        _ => String::new(),
    }
}
