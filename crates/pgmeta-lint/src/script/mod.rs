//! Scripts of statements, as the rules of migrations see them. Parses nothing: the server's parser does, and the extension makes
//! these records of its parse trees.

mod retype;
mod rewrite;
mod run;
mod state;

use std::fmt;

use pgmeta_core::ident::{ident, qualified};
use pgmeta_core::model::ConstraintKind;

pub(crate) use retype::keeps_rows;
pub(crate) use rewrite::{statements, with_concurrently};
pub(crate) use run::StatementContext;
pub use run::{Assumptions, ScriptFinding, lint_script};
pub(crate) use state::State;

/// A statement of a script.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Statement {
    /// Its number in the script, from 1.
    pub number: usize,
    /// The line on which it begins, from 1.
    pub line: usize,
    /// Its text, without the semicolon.
    pub sql: String,
    /// What it does. One ALTER TABLE does several things.
    pub actions: Vec<Action>,
}

/// The name of an object, as the statement writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectName {
    /// The schema, if it is written.
    pub schema: Option<String>,
    /// The name.
    pub name: String,
}

impl fmt::Display for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.schema {
            Some(schema) => f.write_str(&qualified(schema, &self.name)),
            None => f.write_str(&ident(&self.name)),
        }
    }
}

/// A column of a statement.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ColumnDefinition {
    /// Its name.
    pub name: String,
    /// Its type, as it is written without a schema: `numeric(10,2)`.
    pub type_name: String,
    /// Whether it is NOT NULL, a primary key included.
    pub not_null: bool,
    /// The functions in its default, as they are written; absent without a default.
    pub default_functions: Option<Vec<ObjectName>>,
    /// Whether the default is NULL.
    pub default_is_null: bool,
    /// Whether it is a stored generated column.
    pub generated: bool,
    /// Whether it is an identity column or serial.
    pub identity: bool,
    /// The constraints in its definition, except NOT NULL.
    pub constraints: Vec<ConstraintDefinition>,
}

/// A constraint of a statement.
#[derive(Clone, Debug, PartialEq)]
pub struct ConstraintDefinition {
    /// Its name, if it is written.
    pub name: Option<String>,
    /// What it demands.
    pub kind: ConstraintKind,
    /// Whether it is NOT VALID.
    pub not_valid: bool,
    /// Whether it takes an index that exists.
    pub using_index: bool,
    /// The column that it demands a value of, if it is a check of that alone: `column IS NOT NULL`.
    pub not_null_column: Option<String>,
}

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
    /// CREATE INDEX.
    CreateIndex {
        /// The name of the index, if it is written.
        index: Option<String>,
        /// The table.
        table: ObjectName,
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
        /// The new type, as it is written without a schema.
        type_name: String,
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
    /// DETACH PARTITION.
    DetachPartition {
        /// The partitioned table.
        table: ObjectName,
        /// The partition.
        partition: ObjectName,
        /// Whether it has CONCURRENTLY.
        concurrently: bool,
    },
    /// Another ALTER TABLE.
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
    /// LOCK TABLE in a mode that keeps others from writing.
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
    /// SET, or SET LOCAL.
    Set {
        /// The setting, in lower case.
        name: String,
        /// The value as a text; absent: the default, or another setting than the timeouts.
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
    /// Returns the relations that the statement locks against reading or writing, if they existed before.
    pub(crate) fn locked(&self) -> Vec<&ObjectName> {
        match self {
            Action::CreateIndex { table, concurrently: false, only: false, .. }
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
            Action::Refresh { view, concurrently: false, .. } => vec![view],
            Action::Drop { kind, names, concurrently: false, .. }
                if matches!(*kind, "table" | "index" | "view" | "materialized view" | "foreign table") =>
            {
                names.iter().collect()
            }
            Action::Rename { kind, object, .. }
                if matches!(*kind, "table" | "view" | "materialized view" | "foreign table") =>
            {
                vec![object]
            }
            Action::Truncate { tables, .. } | Action::VacuumFull { tables } | Action::Lock { tables } => {
                tables.iter().collect()
            }
            Action::Cluster { table } => table.iter().collect(),
            Action::Reindex { object, concurrently: false } => object.iter().collect(),
            Action::Create { .. }
            | Action::CreateIndex { .. }
            | Action::Drop { .. }
            | Action::Rename { .. }
            | Action::ValidateConstraint { .. }
            | Action::DetachPartition { .. }
            | Action::Reindex { .. }
            | Action::Refresh { .. }
            | Action::AddEnumValue { .. }
            | Action::Alone
            | Action::Begin
            | Action::Commit
            | Action::Rollback
            | Action::Set { .. }
            | Action::Write { .. } => Vec::new(),
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
            Action::DetachPartition { table, partition, .. } => vec![table, partition],
            Action::Drop { names, .. } => names.iter().collect(),
            Action::Rename { object, .. } => vec![object],
            Action::AddEnumValue { enum_type, .. } => vec![enum_type],
            Action::Truncate { tables, .. } | Action::VacuumFull { tables } | Action::Lock { tables } => {
                tables.iter().collect()
            }
            Action::Reindex { object, .. } => object.iter().collect(),
            Action::Cluster { table } => table.iter().collect(),
            Action::Alone | Action::Begin | Action::Commit | Action::Rollback | Action::Set { .. } => Vec::new(),
        }
    }

    /// Returns whether the server refuses it within a transaction.
    pub(crate) fn needs_no_transaction(&self) -> bool {
        // A materialized view is refreshed CONCURRENTLY in a transaction, too.
        self.is_concurrent()
            || matches!(
                self,
                Action::Alone
                    | Action::VacuumFull { .. }
                    | Action::Cluster { table: None }
                    | Action::Reindex { object: None, .. }
                    | Action::Create { kind: "database" | "tablespace", .. }
                    | Action::Drop { kind: "database" | "tablespace", .. }
            )
    }
}
