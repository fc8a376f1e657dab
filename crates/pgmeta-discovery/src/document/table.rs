//! Tables in the document.

use pgmeta_core::ident::{Name, qualified};
use pgmeta_core::model::{
    Firing, ModelIndex, ObjectRef, Policy, PolicyCommand, ReplicaIdentity, Table, Trigger, TriggerEvent, TriggerLevel,
    TriggerTiming,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::column::{ColumnEntry, columns};
use super::constraint::{ConstraintEntry, constraint};
use super::index::{IndexEntry, Usage, indexes};
use crate::relationships::unique_keys;

/// The kind of a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub enum TableKind {
    /// An ordinary table.
    #[default]
    #[serde(rename = "table")]
    Table,
    /// A partitioned table.
    #[serde(rename = "partitioned table")]
    Partitioned,
    /// A foreign table.
    #[serde(rename = "foreign table")]
    Foreign,
}

/// A trigger of a table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct TriggerEntry {
    /// The name of the trigger.
    pub name: Name,
    /// When it fires.
    pub timing: TriggerTiming,
    /// The events on which it fires.
    pub events: Vec<TriggerEvent>,
    /// Whether it fires for each row or once for a statement.
    pub level: TriggerLevel,
    /// The condition of WHEN, as SQL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// The function that it calls, as `schema.function`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub function: Option<String>,
    /// Whether it fires in ordinary sessions.
    pub enabled: bool,
    /// The comment on the trigger.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// A row-level security policy of a table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct PolicyEntry {
    /// The name of the policy.
    pub name: Name,
    /// Whether it is RESTRICTIVE.
    pub restrictive: bool,
    /// The commands to which it applies.
    pub command: PolicyCommand,
    /// The roles to which it applies. An empty list means PUBLIC.
    pub roles: Vec<Name>,
    /// The condition on rows that are there, as SQL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub using: Option<String>,
    /// The condition on rows that are written, as SQL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_check: Option<String>,
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct TableEntry {
    /// The schema of the table.
    pub schema: Name,
    /// The name of the table.
    pub name: Name,
    /// The kind of table.
    pub kind: TableKind,
    /// The comment on the table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// The role that owns the table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<Name>,
    /// The partitioned table of which it is a partition, as `schema.table`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition_of: Option<String>,
    /// The partition bound, as SQL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition_bound: Option<String>,
    /// The partition key, as SQL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition_by: Option<String>,
    /// The tables that it inherits from, as `schema.table`.
    pub inherits: Vec<String>,
    /// Whether row-level security is enabled.
    pub row_security: bool,
    /// Whether row-level security holds for the owner too.
    pub force_row_security: bool,
    /// What identifies rows in logical replication.
    pub replica_identity: ReplicaIdentity,
    /// The columns of the primary key, in the order of the key.
    pub primary_key: Vec<Name>,
    /// The columns, in order.
    pub columns: Vec<ColumnEntry>,
    /// The indexes, by name, those behind constraints included.
    pub indexes: Vec<IndexEntry>,
    /// The names of invalid indexes, which interrupted builds left.
    pub invalid_indexes: Vec<Name>,
    /// The constraints, by name.
    pub constraints: Vec<ConstraintEntry>,
    /// The triggers, by name.
    pub triggers: Vec<TriggerEntry>,
    /// The row-level security policies, by name.
    pub policies: Vec<PolicyEntry>,
}

/// Returns a table as the document has it.
pub fn table(index: &ModelIndex<'_>, own: &Table, usage: &Usage<'_>) -> TableEntry {
    let keys = unique_keys(index, own);
    let primary = keys.iter().find(|key| key.primary);
    let (mut triggers, mut policies) = (Vec::new(), Vec::new());
    for part in index.parts_of(&own.object_key()) {
        if let ObjectRef::Trigger(part) = part {
            triggers.push(trigger(part));
        } else if let ObjectRef::Policy(part) = part {
            policies.push(policy(part));
        }
    }
    let partition = own.partition_of.as_ref();
    TableEntry {
        schema: own.schema.clone(),
        name: own.name.clone(),
        kind: match (&own.foreign, &own.partition_by) {
            (Some(_), _) => TableKind::Foreign,
            (None, Some(_)) => TableKind::Partitioned,
            (None, None) => TableKind::Table,
        },
        comment: own.comment.clone(),
        owner: own.owner.clone(),
        partition_of: partition.map(|partition| qualified(&partition.parent.schema, &partition.parent.name)),
        partition_bound: partition.map(|partition| partition.bound.clone()),
        partition_by: own.partition_by.clone(),
        inherits: own.inherits.iter().map(|parent| qualified(&parent.schema, &parent.name)).collect(),
        row_security: own.row_security,
        force_row_security: own.force_row_security,
        replica_identity: own.replica_identity,
        primary_key: primary.into_iter().flat_map(|key| &key.columns).map(|&name| name.clone()).collect(),
        columns: columns(index, own, &keys),
        indexes: indexes(index, &own.schema, &own.name, usage),
        invalid_indexes: own.invalid_indexes.clone(),
        constraints: index.constraints_of(&own.schema, &own.name).iter().map(|own| constraint(own)).collect(),
        triggers,
        policies,
    }
}

fn trigger(own: &Trigger) -> TriggerEntry {
    TriggerEntry {
        name: own.name.clone(),
        timing: own.timing,
        events: own.events.clone(),
        level: own.level,
        condition: own.condition.clone(),
        function: own.function.as_ref().map(|function| qualified(&function.schema, &function.name)),
        enabled: matches!(own.firing, Firing::Origin | Firing::Always),
        comment: own.comment.clone(),
    }
}

fn policy(own: &Policy) -> PolicyEntry {
    PolicyEntry {
        name: own.name.clone(),
        restrictive: own.restrictive,
        command: own.command,
        roles: own.roles.clone(),
        using: own.using.clone(),
        with_check: own.with_check.clone(),
    }
}
