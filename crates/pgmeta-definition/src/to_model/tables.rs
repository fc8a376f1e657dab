//! Tables of the model: columns, sequences of serial and identity columns, indexes, policies, triggers.

use pgmeta_core::ident::{Name, ident, printed_literal, qualified};
use pgmeta_core::interrupt::check;
use pgmeta_core::model::{
    Column, ConstraintTrigger, Generated, Identity, Index, IndexColumn, NotNull, ObjectKind, OwnedBy, PartitionOf,
    Persistence, Policy, RelationKind, RelationName, Sequence, Table, Trigger, TriggerFunction,
};

use crate::column::{ColumnDefinition, IdentityWord, serial_base};
use crate::default_names::{Label, columns_part};
use crate::grant;
use crate::index::{FullIndexColumn, IndexDefinition};
use crate::table::{PolicyDefinition, TableDefinition, TriggerDefinition};
use crate::to_model::Maker;
use crate::to_model::names::collation_sql;

impl Maker<'_> {
    pub fn add_tables(&mut self) {
        let definition = self.definition;
        for given in &definition.tables {
            let schema = self.schema(given.schema.as_ref());
            self.taken.add_relation(&schema, &given.name);
        }
        self.taken.note_partitions(definition);
        self.note_given_names();
        for given in &definition.tables {
            check();
            self.add_table(given);
        }
        for given in &definition.views {
            let schema = self.schema(given.schema.as_ref());
            self.add_triggers(&given.triggers, &schema, &given.name, RelationKind::View);
        }
        for given in &definition.materialized_views {
            let schema = self.schema(given.schema.as_ref());
            self.add_indexes(&given.indexes, &schema, &given.name, (false, true));
        }
    }

    fn add_table(&mut self, given: &TableDefinition) {
        let schema = self.schema(given.schema.as_ref());
        let key = given.primary_key.as_ref().map(|key| key.0.columns.clone()).unwrap_or_default();
        let mut columns = Vec::with_capacity(given.columns.len());
        for own in &given.columns {
            check();
            let in_key = own.primary_key || key.contains(&own.name);
            columns.push(Box::new(self.column(own, &schema, &given.name, in_key)));
        }
        let relation = |own: &crate::table::Inherits| RelationName {
            schema: own.schema.clone().unwrap_or_else(|| schema.clone()),
            name: own.table.clone(),
        };
        let partition_of = given.partition_of.as_ref().map(|own| PartitionOf {
            parent: RelationName {
                schema: own.schema.clone().unwrap_or_else(|| schema.clone()),
                name: own.table.clone(),
            },
            bound: own.bound.clone(),
        });
        self.model.tables.push(Table {
            schema: schema.clone(),
            name: given.name.clone(),
            columns,
            persistence: if given.unlogged { Persistence::Unlogged } else { Persistence::Permanent },
            inherits: given.inherits.iter().map(relation).collect(),
            partition_of,
            partition_by: given.partition_by.clone(),
            options: given.options.0.clone(),
            replica_identity: given.replica_identity,
            row_security: given.row_security,
            force_row_security: given.force_row_security,
            owner: self.owner(),
            comment: given.comment.clone(),
            privileges: self.privileges(given.grants.as_ref(), ObjectKind::Table),
            ..Table::default()
        });
        self.add_constraints(given, &schema);
        self.add_indexes(&given.indexes, &schema, &given.name, (given.partition_by.is_some(), false));
        self.add_triggers(&given.triggers, &schema, &given.name, RelationKind::Table);
        for own in &given.policies {
            self.model.policies.push(policy(own, &schema, &given.name));
        }
    }

    /// Returns a column, and adds the sequence of a serial or identity column.
    fn column(&mut self, own: &ColumnDefinition, schema: &Name, table: &Name, in_key: bool) -> Column {
        let base = serial_base(&own.r#type);
        let data_type = base.map_or_else(|| self.names.data_type(&own.r#type), Name::from);
        let mut default = own.default.as_ref().or(own.generated.as_ref()).map(|own| Box::from(own.0.as_str()));
        if base.is_some() || own.identity.is_some() {
            let sequence = self.taken.choose(Label::Sequence, schema, table, &own.name);
            if base.is_some() {
                let name = printed_literal(&qualified(schema, &sequence));
                default = Some(format!("nextval({name}::regclass)").into());
            }
            let owned_by = OwnedBy { schema: schema.clone(), table: table.clone(), column: own.name.clone() };
            self.model.sequences.push(Sequence {
                owned_by: Some(owned_by),
                identity: own.identity.is_some(),
                owner: self.owner(),
                ..own.sequence.to_model(schema, &sequence, &data_type)
            });
        }
        let is_required = !own.nullable || in_key || base.is_some() || own.identity.is_some();
        Column {
            name: own.name.clone(),
            data_type,
            collation: own.collation.as_deref().map(|text| collation_sql(text).into()),
            not_null: is_required.then(Box::<NotNull>::default),
            default,
            generated: own.generated.as_ref().map(|_| match own.r#virtual {
                true => Generated::Virtual,
                false => Generated::Stored,
            }),
            identity: own.identity.map(|word| match word {
                IdentityWord::Always => Identity::Always,
                IdentityWord::ByDefault => Identity::ByDefault,
            }),
            storage: own.storage,
            compression: own.compression,
            statistics_target: own.statistics_target,
            options: own.options.0.clone().into(),
            comment: own.comment.as_deref().map(Box::from),
            privileges: grant::of_column(&own.grants, &self.target.owner),
            ..Column::default()
        }
    }

    /// Adds the indexes of a table or materialized view. `of`: whether it is partitioned, and whether it is a materialized view.
    fn add_indexes(&mut self, given: &[IndexDefinition], schema: &Name, table: &Name, of: (bool, bool)) {
        for own in given {
            check();
            let column = |own: &FullIndexColumn| IndexColumn {
                column: own.column.clone(),
                expression: own.expression.clone(),
                collation: own.collation.as_deref().map(|text| collation_sql(text).into()),
                operator_class: own.operator_class.clone(),
                operator_class_options: own.operator_class_options.0.clone(),
                descending: own.descending,
                nulls: own.nulls,
            };
            let name = own.name.clone().unwrap_or_else(|| {
                self.taken.choose(
                    Label::Index,
                    schema,
                    table,
                    &columns_part(own.columns.iter().map(|own| part(&own.0))),
                )
            });
            self.model.indexes.push(Index {
                schema: schema.clone(),
                name,
                table: table.clone(),
                method: own.method.clone().unwrap_or_else(|| "btree".into()),
                columns: own.columns.iter().map(|own| column(&own.0)).collect(),
                include: own.include.clone(),
                unique: own.unique,
                nulls_not_distinct: own.nulls_not_distinct,
                predicate: own.r#where.clone(),
                options: own.options.0.clone(),
                on_partitioned: of.0,
                on_materialized_view: of.1,
                comment: own.comment.clone(),
                ..Index::default()
            });
        }
    }

    fn add_triggers(&mut self, given: &[TriggerDefinition], schema: &Name, table: &Name, on: RelationKind) {
        for own in given {
            check();
            let (function_schema, function) = self.names.place(&own.function);
            let constraint = own.constraint.then(|| ConstraintTrigger {
                deferrable: own.deferrable,
                initially_deferred: own.initially_deferred,
                ..ConstraintTrigger::default()
            });
            self.model.triggers.push(Trigger {
                schema: schema.clone(),
                table: table.clone(),
                name: own.name.clone(),
                on,
                timing: own.timing.0,
                events: own.events.iter().map(|event| event.0).collect(),
                update_of: own.columns.clone(),
                level: own.level.0,
                old_table: own.old_table.clone(),
                new_table: own.new_table.clone(),
                condition: own.when.clone(),
                function: Some(TriggerFunction { schema: function_schema, name: function }),
                arguments: own.arguments.clone(),
                constraint,
                firing: own.enabled,
                comment: own.comment.clone(),
                ..Trigger::default()
            });
        }
    }
}

/// Returns the part that a key column has in the name of its index: the column, the function that it calls, or `expr`.
pub(crate) fn part(own: &FullIndexColumn) -> &str {
    if let Some(column) = &own.column {
        return column;
    }
    let text = own.expression.as_deref().unwrap_or_default().trim_start_matches('(');
    match text.split_once('(') {
        Some((name, _)) if !name.is_empty() && ident(name) == name => name,
        _ => "expr",
    }
}

fn policy(own: &PolicyDefinition, schema: &Name, table: &Name) -> Policy {
    // The catalog has them by name, and everyone as none.
    let is_of_all = own.roles.iter().any(|role| grant::is_public(role));
    let mut roles = if is_of_all { Vec::new() } else { own.roles.clone() };
    roles.sort();
    roles.dedup();
    Policy {
        schema: schema.clone(),
        table: table.clone(),
        name: own.name.clone(),
        restrictive: own.restrictive,
        command: own.command.0,
        roles,
        using: own.using.clone(),
        with_check: own.with_check.clone(),
        comment: own.comment.clone(),
        ..Policy::default()
    }
}
