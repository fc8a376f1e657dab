//! What a statement does to a schema, as far as rules ask. Judges nothing.

use crate::script::settings::read_path;
use crate::script::{ColumnDefinition, ConstraintDefinition, IndexDefinition, ObjectName, PartitionBound};

/// What a statement does to a schema, as far as rules ask.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// CREATE of anything but an index.
    Create {
        /// The type of the object, in lower case: `table`.
        kind: &'static str,
        /// Its name.
        name: ObjectName,
        /// Whether it has IF NOT EXISTS or OR REPLACE, or the kind knows neither.
        repeatable: bool,
        /// Whether the object is temporary.
        temporary: bool,
    },
    /// What a function is that the statement creates.
    DefineFunction {
        /// Its name.
        name: ObjectName,
        /// Whether it is volatile.
        volatile: bool,
    },
    /// What a domain is that the statement creates. Its definition is written like that of a column.
    DefineDomain {
        /// Its name.
        name: ObjectName,
        /// Its definition.
        definition: ColumnDefinition,
    },
    /// ALTER DOMAIN that sets or drops NOT NULL, or adds or validates a check.
    ConstrainDomain {
        /// Its name.
        name: ObjectName,
        /// Whether it is NOT NULL from now on; absent: as before.
        not_null: Option<bool>,
        /// Whether a check is added.
        checks: bool,
        /// Whether the rows of all tables with the domain are read.
        reads_rows: bool,
    },
    /// ON COMMIT DROP of a new temporary table.
    DropOnCommit {
        /// The table.
        table: ObjectName,
    },
    /// CREATE INDEX.
    CreateIndex {
        /// The name of the index, if it is written.
        index: Option<String>,
        /// The table.
        table: ObjectName,
        /// What it consists of.
        definition: IndexDefinition,
        /// Whether it has CONCURRENTLY.
        concurrently: bool,
        /// Whether it has IF NOT EXISTS.
        repeatable: bool,
        /// Whether it has ONLY, and so builds nothing.
        only: bool,
    },
    /// DROP.
    Drop {
        /// The type of the objects, in lower case.
        kind: &'static str,
        /// Their names.
        names: Vec<ObjectName>,
        /// Whether it has CONCURRENTLY.
        concurrently: bool,
        /// Whether it has IF EXISTS.
        repeatable: bool,
        /// Whether it has CASCADE.
        cascade: bool,
    },
    /// ALTER … RENAME.
    Rename {
        /// The type of the object, in lower case.
        kind: &'static str,
        /// The object.
        object: ObjectName,
        /// The column or another part, if a part is renamed.
        part: Option<String>,
        /// Whether the part is a column.
        is_column: bool,
        /// The new name of the object or the part.
        to: String,
        /// Whether it has IF EXISTS.
        repeatable: bool,
    },
    /// ALTER … SET SCHEMA.
    SetSchema {
        /// The type of the object, in lower case.
        kind: &'static str,
        /// The object.
        object: ObjectName,
        /// The new schema.
        schema: String,
        /// Whether it has IF EXISTS.
        repeatable: bool,
    },
    /// ADD COLUMN.
    AddColumn {
        /// The table.
        table: ObjectName,
        /// The column.
        column: ColumnDefinition,
        /// Whether it has IF NOT EXISTS.
        repeatable: bool,
    },
    /// DROP COLUMN.
    DropColumn {
        /// The table.
        table: ObjectName,
        /// The column.
        column: String,
        /// Whether it has IF EXISTS.
        repeatable: bool,
    },
    /// ALTER COLUMN … TYPE.
    AlterType {
        /// The table.
        table: ObjectName,
        /// The column.
        column: String,
        /// The new type, as it is written: without the server's schema.
        type_name: String,
        /// The name of its collation, if it is written.
        collation: Option<String>,
        /// Whether it has USING with another expression than the column, or its cast to the type.
        using: bool,
    },
    /// ALTER COLUMN … SET NOT NULL.
    SetNotNull {
        /// The table.
        table: ObjectName,
        /// The column.
        column: String,
    },
    /// ALTER COLUMN … DROP NOT NULL.
    DropNotNull {
        /// The table.
        table: ObjectName,
        /// The column.
        column: String,
    },
    /// ADD CONSTRAINT.
    AddConstraint {
        /// The table.
        table: ObjectName,
        /// The constraint.
        constraint: ConstraintDefinition,
    },
    /// DROP CONSTRAINT.
    DropConstraint {
        /// The table.
        table: ObjectName,
        /// The constraint.
        name: String,
        /// Whether it has IF EXISTS.
        repeatable: bool,
    },
    /// VALIDATE CONSTRAINT.
    ValidateConstraint {
        /// The table.
        table: ObjectName,
        /// The constraint.
        name: String,
    },
    /// ATTACH PARTITION.
    AttachPartition {
        /// The partitioned table.
        table: ObjectName,
        /// The new partition.
        partition: ObjectName,
        /// Its bound; absent: it inherits from the table without being a partition.
        bound: Option<PartitionBound>,
    },
    /// What CREATE TABLE does as PARTITION OF.
    CreatePartition {
        /// The partitioned table.
        table: ObjectName,
        /// The bound of the new partition.
        bound: PartitionBound,
    },
    /// DETACH PARTITION.
    DetachPartition {
        /// The partitioned table.
        table: ObjectName,
        /// The partition.
        partition: ObjectName,
        /// Whether it has CONCURRENTLY.
        concurrently: bool,
    },
    /// Another ALTER TABLE, or an ALTER VIEW, with a strong lock.
    AlterTable {
        /// The table.
        table: ObjectName,
    },
    /// REINDEX.
    Reindex {
        /// The index or table; absent for a schema or a database.
        object: Option<ObjectName>,
        /// Whether it has CONCURRENTLY.
        concurrently: bool,
    },
    /// ALTER TYPE … ADD VALUE.
    AddEnumValue {
        /// The type.
        enum_type: ObjectName,
        /// The label.
        label: String,
        /// Whether it has BEFORE or AFTER.
        positioned: bool,
        /// Whether it has IF NOT EXISTS.
        repeatable: bool,
    },
    /// TRUNCATE.
    Truncate {
        /// The tables.
        tables: Vec<ObjectName>,
        /// Whether it has CASCADE.
        cascade: bool,
    },
    /// ALTER TABLE that rewrites the table for another reason than a column.
    Rewrite {
        /// The table.
        table: ObjectName,
        /// The command: `SET LOGGED`.
        command: &'static str,
        /// The generated column, if it is about one.
        column: Option<String>,
    },
    /// REFRESH MATERIALIZED VIEW.
    Refresh {
        /// The materialized view.
        view: ObjectName,
        /// Whether it has CONCURRENTLY.
        concurrently: bool,
        /// Whether it has no WITH NO DATA.
        with_data: bool,
    },
    /// A lock that keeps others from writing, or from reading, too: of LOCK TABLE, or of a statement on a relation that it does not
    /// change, such as the table of CREATE TRIGGER.
    Lock {
        /// The tables.
        tables: Vec<ObjectName>,
    },
    /// A statement that the server refuses within a transaction, and that changes no schema: ALTER SYSTEM.
    Alone,
    /// VACUUM FULL.
    VacuumFull {
        /// The tables; an empty list means all.
        tables: Vec<ObjectName>,
    },
    /// CLUSTER.
    Cluster {
        /// The table; absent: all that were clustered before.
        table: Option<ObjectName>,
    },
    /// BEGIN or START TRANSACTION.
    Begin,
    /// COMMIT or END.
    Commit,
    /// ROLLBACK.
    Rollback,
    /// SAVEPOINT.
    Savepoint {
        /// Its name.
        name: String,
    },
    /// RELEASE SAVEPOINT.
    Release {
        /// The name of the savepoint.
        name: String,
    },
    /// DISCARD ALL, or DISCARD TEMP.
    Discard {
        /// Whether settings are reset, too.
        all: bool,
    },
    /// ROLLBACK TO SAVEPOINT.
    RollbackTo {
        /// The name of the savepoint.
        name: String,
    },
    /// SET, or SET LOCAL.
    Set {
        /// The setting, in lower case; `all` for RESET ALL.
        name: String,
        /// The value as a text; absent: the default, or a setting that no rule asks for.
        value: Option<String>,
        /// Whether it is SET LOCAL.
        local: bool,
    },
    /// INSERT, UPDATE, DELETE or MERGE.
    Write {
        /// The table.
        table: ObjectName,
    },
}

impl Action {
    /// Returns the relations that it locks against reading or writing, if they existed before.
    pub(crate) fn locked(&self) -> Vec<&ObjectName> {
        match self {
            Action::CreateIndex { table, concurrently: false, .. }
            | Action::AddColumn { table, .. }
            | Action::DropColumn { table, .. }
            | Action::AlterType { table, .. }
            | Action::SetNotNull { table, .. }
            | Action::DropNotNull { table, .. }
            | Action::AddConstraint { table, .. }
            | Action::DropConstraint { table, .. }
            | Action::AlterTable { table }
            | Action::Rewrite { table, .. }
            | Action::DetachPartition { table, concurrently: false, .. } => vec![table],
            // The partitioned table itself is locked weakly.
            Action::AttachPartition { partition, .. } => vec![partition],
            // A view that is replaced; other relations with the name would be an error, or stay as they are.
            Action::Create { kind: "view", name, repeatable: true, .. } => vec![name],
            Action::Refresh { view, concurrently: false, .. } => vec![view],
            Action::Drop { kind, names, concurrently: false, .. } if *kind == "index" || is_queried(kind) => {
                names.iter().collect()
            }
            // The object of a trigger, a policy or a rule is its table.
            Action::Rename { kind, object, .. }
                if is_queried(kind) || matches!(*kind, "trigger" | "policy" | "rule") =>
            {
                vec![object]
            }
            Action::SetSchema { kind, object, .. } if is_queried(kind) => vec![object],
            Action::Truncate { tables, .. } | Action::VacuumFull { tables } | Action::Lock { tables } => {
                tables.iter().collect()
            }
            Action::Cluster { table } => table.iter().collect(),
            Action::Reindex { object, concurrently: false } => object.iter().collect(),
            Action::Create { .. }
            | Action::DefineFunction { .. }
            | Action::DefineDomain { .. }
            | Action::ConstrainDomain { .. }
            | Action::DropOnCommit { .. }
            | Action::CreatePartition { .. }
            | Action::CreateIndex { .. }
            | Action::Drop { .. }
            | Action::Rename { .. }
            | Action::SetSchema { .. }
            | Action::ValidateConstraint { .. }
            | Action::DetachPartition { .. }
            | Action::Reindex { .. }
            | Action::Refresh { .. }
            | Action::AddEnumValue { .. }
            | Action::Alone
            | Action::Begin
            | Action::Commit
            | Action::Rollback
            | Action::Savepoint { .. }
            | Action::Release { .. }
            | Action::RollbackTo { .. }
            | Action::Discard { .. }
            | Action::Set { .. }
            | Action::Write { .. } => Vec::new(),
        }
    }

    /// Returns the table whose column or constraint it changes.
    pub(crate) fn altered(&self) -> Option<&ObjectName> {
        match self {
            Action::AddColumn { table, .. }
            | Action::DropColumn { table, .. }
            | Action::AlterType { table, .. }
            | Action::SetNotNull { table, .. }
            | Action::DropNotNull { table, .. }
            | Action::AddConstraint { table, .. }
            | Action::ValidateConstraint { table, .. }
            | Action::DropConstraint { table, .. } => Some(table),
            _ => None,
        }
    }

    /// Returns the column that it changes.
    pub(crate) fn column(&self) -> Option<&str> {
        match self {
            Action::AddColumn { column, .. } => Some(&column.name),
            Action::DropColumn { column, .. }
            | Action::AlterType { column, .. }
            | Action::SetNotNull { column, .. }
            | Action::DropNotNull { column, .. } => Some(column),
            _ => None,
        }
    }

    /// Returns whether it has CONCURRENTLY.
    pub fn is_concurrent(&self) -> bool {
        matches!(
            self,
            Action::CreateIndex { concurrently: true, .. }
                | Action::Drop { concurrently: true, .. }
                | Action::Reindex { concurrently: true, .. }
                | Action::DetachPartition { concurrently: true, .. }
        )
    }

    /// Returns the names of objects in it.
    pub fn names(&self) -> Vec<&ObjectName> {
        match self {
            Action::Create { name, .. } => vec![name],
            Action::CreateIndex { table, .. }
            | Action::AddColumn { table, .. }
            | Action::DropColumn { table, .. }
            | Action::AlterType { table, .. }
            | Action::SetNotNull { table, .. }
            | Action::DropNotNull { table, .. }
            | Action::AddConstraint { table, .. }
            | Action::DropConstraint { table, .. }
            | Action::ValidateConstraint { table, .. }
            | Action::AlterTable { table }
            | Action::Rewrite { table, .. }
            | Action::Write { table } => vec![table],
            Action::Refresh { view, .. } => vec![view],
            Action::AttachPartition { table, partition, .. } | Action::DetachPartition { table, partition, .. } => {
                vec![table, partition]
            }
            Action::Drop { names, .. } => names.iter().collect(),
            Action::Rename { object, .. } | Action::SetSchema { object, .. } => vec![object],
            Action::AddEnumValue { enum_type, .. } => vec![enum_type],
            Action::Truncate { tables, .. } | Action::VacuumFull { tables } | Action::Lock { tables } => {
                tables.iter().collect()
            }
            Action::Reindex { object, .. } => object.iter().collect(),
            Action::Cluster { table } => table.iter().collect(),
            // The other action of the statement, Create, names them.
            Action::DefineFunction { .. }
            | Action::DefineDomain { .. }
            | Action::DropOnCommit { .. }
            | Action::CreatePartition { .. } => Vec::new(),
            Action::ConstrainDomain { name, .. } => vec![name],
            Action::Alone
            | Action::Begin
            | Action::Commit
            | Action::Rollback
            | Action::Savepoint { .. }
            | Action::Release { .. }
            | Action::RollbackTo { .. }
            | Action::Discard { .. }
            | Action::Set { .. } => Vec::new(),
        }
    }

    /// Returns the schemas that it names, or puts into the search path of a role.
    pub fn schemas(&self, user: &str) -> Vec<String> {
        let mut schemas: Vec<String> = self.names().into_iter().filter_map(|name| name.schema.clone()).collect();
        match self {
            Action::Create { kind: "schema", .. }
            | Action::Drop { kind: "schema", .. }
            | Action::Rename { kind: "schema", .. } => {
                schemas.extend(self.names().into_iter().map(|name| name.name.clone()));
            }
            Action::AddColumn { column: ColumnDefinition { base_type: Some(name), .. }, .. }
            | Action::DefineDomain { definition: ColumnDefinition { base_type: Some(name), .. }, .. } => {
                schemas.extend(name.schema.clone());
            }
            Action::AlterType { type_name, .. } => schemas.extend(ObjectName::written(type_name).schema),
            Action::Set { name, value: Some(path), .. } if name == "search_path" => {
                schemas.extend(read_path(path, user))
            }
            _ => {}
        }
        schemas
    }

    /// Returns whether the server refuses it within a transaction.
    pub(crate) fn needs_no_transaction(&self) -> bool {
        // A materialized view is refreshed CONCURRENTLY in a transaction, too.
        self.is_concurrent()
            || matches!(
                self,
                Action::Alone
                    | Action::VacuumFull { .. }
                    | Action::Discard { all: true }
                    | Action::Cluster { table: None }
                    | Action::Reindex { object: None, .. }
                    | Action::Create { kind: "database" | "tablespace", .. }
                    | Action::Drop { kind: "database" | "tablespace", .. }
            )
    }
}

/// Returns whether objects of a kind are relations that queries name.
fn is_queried(kind: &str) -> bool {
    matches!(kind, "table" | "view" | "materialized view" | "foreign table")
}
