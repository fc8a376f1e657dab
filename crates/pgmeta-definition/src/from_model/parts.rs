//! Indexes, policies, triggers and view columns of a definition.

use pgmeta_core::model::{Column, Index, IndexColumn, Policy, Trigger};

use crate::constraint::Word;
use crate::expression::Expression;
use crate::from_model::Reader;
use crate::grant;
use crate::index::{FullIndexColumn, IndexColumnDefinition, IndexDefinition};
use crate::settings::Settings;
use crate::table::{PolicyDefinition, TriggerDefinition};
use crate::to_model::names::{collation_place, short_collation};
use crate::view::ViewColumnDefinition;

pub(super) fn index(own: &Index) -> IndexDefinition {
    let column = |own: &IndexColumn| {
        let collation = own.collation.as_deref().map(collation_place);
        IndexColumnDefinition(FullIndexColumn {
            column: own.column.clone(),
            expression: own.expression.clone(),
            collation: collation.map(|(schema, name)| short_collation(&schema, &name)),
            operator_class: own.operator_class.clone(),
            operator_class_options: Settings(own.operator_class_options.clone()),
            descending: own.descending,
            nulls: own.nulls,
        })
    };
    IndexDefinition {
        columns: own.columns.iter().map(column).collect(),
        name: Some(own.name.clone()),
        unique: own.unique,
        method: (&*own.method != "btree").then(|| own.method.clone()),
        include: own.include.clone(),
        r#where: own.predicate.clone(),
        nulls_not_distinct: own.nulls_not_distinct,
        options: Settings(own.options.clone()),
        comment: own.comment.clone(),
    }
}

pub(super) fn policy(own: &Policy) -> PolicyDefinition {
    PolicyDefinition {
        name: own.name.clone(),
        restrictive: own.restrictive,
        command: Word(own.command),
        roles: own.roles.clone(),
        using: own.using.clone(),
        with_check: own.with_check.clone(),
        comment: own.comment.clone(),
    }
}

pub(super) fn trigger(own: &Trigger, reader: &Reader<'_>) -> TriggerDefinition {
    let constraint = own.constraint.clone();
    TriggerDefinition {
        name: own.name.clone(),
        timing: Word(own.timing),
        events: own.events.iter().map(|event| Word(*event)).collect(),
        function: own.function.as_ref().map(|own| reader.sql_name(&own.schema, &own.name)).unwrap_or_default(),
        level: Word(own.level),
        columns: own.update_of.clone(),
        when: own.condition.clone(),
        arguments: own.arguments.clone(),
        old_table: own.old_table.clone(),
        new_table: own.new_table.clone(),
        constraint: constraint.is_some(),
        deferrable: constraint.as_ref().is_some_and(|own| own.deferrable),
        initially_deferred: constraint.is_some_and(|own| own.initially_deferred),
        enabled: own.firing,
        comment: own.comment.clone(),
    }
}

/// Returns the columns of a view of which there is more to say than that they are.
pub(super) fn view_columns(columns: &[Box<Column>]) -> Vec<ViewColumnDefinition> {
    let says_more = |own: &&Column| own.default.is_some() || own.comment.is_some() || own.privileges.is_some();
    let one = |own: &Column| ViewColumnDefinition {
        name: own.name.clone(),
        default: own.default.as_deref().map(Expression::from),
        comment: own.comment.as_deref().map(str::to_owned),
        grants: grant::given(own.privileges.as_deref().unwrap_or_default().iter()),
    };
    columns.iter().map(|own| &**own).filter(says_more).map(one).collect()
}
