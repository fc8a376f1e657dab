//! Tables of a definition, with all that belongs to them.

use pgmeta_core::ident::Name;
use pgmeta_core::model::{Firing, PolicyCommand, ReplicaIdentity, TriggerEvent, TriggerLevel, TriggerTiming};
use serde_json::{Map, Value};

use crate::column::ColumnDefinition;
use crate::constraint::{CheckDefinition, ExclusionDefinition, ForeignKeyDefinition, KeyDefinition, Word};
use crate::grant::GrantDefinition;
use crate::index::IndexDefinition;
use crate::settings::Settings;

definition! {
    /// A table, with its constraints, indexes, policies and triggers.
    pub struct TableDefinition {
        /// The name of the table.
        name: Name;
        /// The schema. Absent: that of the definition.
        schema: Option<Name>,
        /// The columns, in order.
        columns: Vec<ColumnDefinition>,
        /// The primary key. Absent: none, or a column has `primary_key`.
        primary_key: Option<KeyDefinition>,
        /// The unique constraints.
        unique: Vec<KeyDefinition>,
        /// The foreign keys.
        foreign_keys: Vec<ForeignKeyDefinition>,
        /// The checks.
        checks: Vec<CheckDefinition>,
        /// The exclusion constraints.
        exclusions: Vec<ExclusionDefinition>,
        /// The indexes besides those of constraints.
        indexes: Vec<IndexDefinition>,
        /// Whether row-level security is enabled.
        row_security: bool,
        /// Whether row-level security also applies to the owner.
        force_row_security: bool,
        /// The row-level security policies.
        policies: Vec<PolicyDefinition>,
        /// The triggers.
        triggers: Vec<TriggerDefinition>,
        /// The partition key, as SQL: `RANGE (at)`.
        partition_by: Option<String>,
        /// What it is a partition of. Its columns are then those of the parent and may be left out.
        partition_of: Option<PartitionDefinition>,
        /// The tables that it inherits from.
        inherits: Vec<Inherits>,
        /// Whether it is unlogged.
        unlogged: bool,
        /// What identifies rows in logical replication. Absent: the primary key.
        replica_identity: ReplicaIdentity,
        /// The storage parameters.
        options: Settings,
        /// The comment on the table.
        comment: Option<String>,
        /// The privileges of others than the owner. Absent: PostgreSQL's default.
        grants: Option<Vec<GrantDefinition>>,
        /// What tools keep for themselves.
        labels: Map<String, Value>,
        /// Where a tool draws the table.
        position: Map<String, Value>,
    }
}

definition! {
    /// The parent and bound of a partition.
    pub struct PartitionDefinition {
        /// The partitioned table.
        table: Name,
        /// The bound, as SQL: `FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')` or `DEFAULT`.
        bound: String;
        /// The schema of the partitioned table. Absent: that of the partition.
        schema: Option<Name>,
    }
}

definition! {
    /// A table that another inherits from.
    pub struct Inherits {
        /// The table.
        table: Name;
        /// The schema of the table. Absent: that of the child.
        schema: Option<Name>,
    }
}

definition! {
    /// A row-level security policy.
    pub struct PolicyDefinition {
        /// The name of the policy.
        name: Name;
        /// Whether it is RESTRICTIVE.
        restrictive: bool,
        /// The commands to which it applies. Absent: ALL.
        command: Word<PolicyCommand>,
        /// The roles to which it applies. Absent: PUBLIC.
        roles: Vec<Name>,
        /// The condition on rows that exist.
        using: Option<String>,
        /// The condition on new rows. Absent: that of `using`.
        with_check: Option<String>,
        /// The comment on the policy.
        comment: Option<String>,
    }
}

definition! {
    /// A trigger.
    pub struct TriggerDefinition {
        /// The name of the trigger.
        name: Name,
        /// When it fires: BEFORE, AFTER or INSTEAD OF.
        timing: Word<TriggerTiming>,
        /// The events on which it fires: INSERT, UPDATE, DELETE, TRUNCATE.
        events: Vec<Word<TriggerEvent>>,
        /// The function that it calls, as SQL: `touch`, or `audit.touch`.
        function: String;
        /// Whether it fires for each ROW or once for a STATEMENT. Absent: STATEMENT.
        level: Word<TriggerLevel>,
        /// The columns of UPDATE OF. Absent: any.
        columns: Vec<Name>,
        /// The condition of WHEN.
        when: Option<String>,
        /// The arguments of the function.
        arguments: Vec<String>,
        /// The name of the transition table with the old rows.
        old_table: Option<Name>,
        /// The name of the transition table with the new rows.
        new_table: Option<Name>,
        /// Whether it is a constraint trigger.
        constraint: bool,
        /// Whether a constraint trigger can be deferred.
        deferrable: bool,
        /// Whether a constraint trigger is deferred by default.
        initially_deferred: bool,
        /// The sessions in which it fires: origin, replica, always, disabled. Absent: origin.
        enabled: Firing,
        /// The comment on the trigger.
        comment: Option<String>,
    }
}
