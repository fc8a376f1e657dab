//! Constraints of tables. Constraints of domains belong to their domain, not-null constraints to their column.

use crate::ident::Name;
use crate::model::{
    ObjectKey, ObjectKind, ObjectPart, Part, RelationName, Section, Setting, Structure, parent_index_keys,
};

choice! {
    /// The kind of a table constraint.
    pub enum ConstraintKind {
        /// A check constraint.
        Check b'c' "check",
        /// A primary key.
        PrimaryKey b'p' "primary key",
        /// A unique constraint.
        Unique b'u' "unique",
        /// A foreign key.
        ForeignKey b'f' "foreign key",
        /// An exclusion constraint.
        Exclusion b'x' "exclusion",
    }
}

choice! {
    /// The effect on referencing rows when the referenced row is updated or deleted.
    pub enum ForeignKeyAction {
        /// An error at the end of the statement, or later if the constraint is deferred.
        NoAction b'a' "NO ACTION",
        /// An immediate error.
        Restrict b'r' "RESTRICT",
        /// The referencing rows are also updated or deleted.
        Cascade b'c' "CASCADE",
        /// The referencing columns become null.
        SetNull b'n' "SET NULL",
        /// The referencing columns get their default.
        SetDefault b'd' "SET DEFAULT",
    }
}

choice! {
    /// How a foreign key of several columns treats nulls.
    pub enum ForeignKeyMatch {
        /// A null in any column makes the row match.
        Simple b's' "SIMPLE",
        /// Either all columns are null, or none is.
        Full b'f' "FULL",
        /// Not implemented by PostgreSQL.
        Partial b'p' "PARTIAL",
    }
}

part! {
    /// The target of a foreign key, and its actions.
    pub struct ForeignKey {
        /// The referenced table.
        table: RelationName,
        /// The referenced columns.
        columns: Vec<Name>;
        /// How nulls are treated. The default is SIMPLE.
        matching: ForeignKeyMatch,
        /// The action when the referenced row is updated. `NO ACTION` by default.
        on_update: ForeignKeyAction,
        /// The action when the referenced row is deleted. `NO ACTION` by default.
        on_delete: ForeignKeyAction,
        /// The columns that ON DELETE SET NULL or SET DEFAULT sets. An empty list means all columns of the key.
        on_delete_columns: Vec<Name>,
    }
}

part! {
    /// The index of a primary key, unique or exclusion constraint.
    pub struct ConstraintIndex {
        ;
        /// The columns that the index stores besides the key (INCLUDE).
        include: Vec<Name>,
        /// Whether nulls are equal to each other (NULLS NOT DISTINCT).
        nulls_not_distinct: bool,
        /// The storage parameters of the index.
        options: Vec<Setting>,
        /// The tablespace of the index. Absent: the database's.
        tablespace: Option<Name>,
        /// Whether the table was last clustered on the index.
        clustered: bool,
        /// Whether the index is the table's replica identity.
        replica_identity: bool,
        /// The parent's index that it is attached to.
        attached_to: Option<RelationName>,
        /// The statistics targets of expression columns.
        statistics_targets: Vec<super::IndexStatistics>,
        /// The comment on the index.
        comment: Option<String>,
    }
}

object! {
    /// A check, primary key, unique, foreign key or exclusion constraint of a table.
    pub struct Constraint {
        /// The schema of the table.
        schema: Name,
        /// The name of the table.
        table: Name,
        /// The name of the constraint.
        name: Name;
        /// The kind of constraint. The default is check.
        kind: ConstraintKind,
        /// The columns of the constraint, in the order of its key.
        columns: Vec<Name>,
        /// A check's condition, or an exclusion constraint's whole definition, as SQL.
        expression: Option<String>,
        /// The target of a foreign key.
        foreign_key: Option<Box<ForeignKey>>,
        /// The index of a primary key, unique or exclusion constraint.
        index: Option<Box<ConstraintIndex>>,
        /// Whether it can be deferred to the end of the transaction.
        deferrable: bool,
        /// Whether it is deferred by default (INITIALLY DEFERRED).
        initially_deferred: bool,
        /// Whether rows that existed before were not checked (NOT VALID).
        not_valid: bool,
        /// Whether it is not enforced (NOT ENFORCED).
        not_enforced: bool,
        /// Whether children do not inherit it (NO INHERIT).
        no_inherit: bool,
        /// Whether it comes from a parent, and this table does not declare it.
        inherited: bool,
        /// Whether it is WITHOUT OVERLAPS, or a foreign key with PERIOD.
        period: bool,
        /// Whether the table is partitioned.
        on_partitioned: bool,
        /// Whether the table is a foreign table.
        on_foreign: bool,
    }
}

impl Constraint {
    /// Returns whether CREATE TABLE contains it.
    pub fn is_inline_check(&self) -> bool {
        self.kind == ConstraintKind::Check && !self.not_valid
    }

    /// Returns whether its index has operators of its own. The server attaches no such index: the constraint of a partitioned table
    /// creates those of its partitions, with names of the server's choice.
    pub fn excludes(&self) -> bool {
        self.kind == ConstraintKind::Exclusion || (self.period && self.kind != ConstraintKind::ForeignKey)
    }

    /// Returns the parent's index if the parent's constraint creates this one.
    pub fn created_by_parent(&self) -> Option<&RelationName> {
        self.index.as_ref().filter(|_| self.excludes())?.attached_to.as_ref()
    }

    /// Returns the keyword of ALTER for its table.
    pub fn table_keyword(&self) -> &'static str {
        if self.on_foreign { "FOREIGN TABLE" } else { "TABLE" }
    }

    /// Returns the address of the object.
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::on_relation(ObjectKind::TableConstraint, &self.schema, &self.table, &self.name)
    }

    /// Returns the address of its index, to which other indexes refer.
    pub fn index_key(&self) -> ObjectKey {
        ObjectKey::in_schema(ObjectKind::Index, &self.schema, &self.name)
    }

    /// Returns the key of its table or foreign table.
    pub fn table_key(&self) -> ObjectKey {
        let kind = if self.on_foreign { ObjectKind::ForeignTable } else { ObjectKind::Table };
        ObjectKey::in_schema(kind, &self.schema, &self.table)
    }
}

impl Structure for Constraint {
    fn parent(&self) -> Option<ObjectKey> {
        Some(self.table_key())
    }

    fn requires(&self) -> Vec<ObjectKey> {
        let mut keys = vec![self.table_key()];
        if let Some(key) = &self.foreign_key {
            keys.push(ObjectKey::in_schema(ObjectKind::Table, &key.table.schema, &key.table.name));
        }
        if let Some(parent) = self.created_by_parent() {
            keys.extend(parent_index_keys(parent));
        }
        keys
    }

    fn section(&self) -> Section {
        Section::PostData
    }

    fn parts(&self) -> Vec<ObjectPart> {
        match self.index.as_ref().and_then(|index| index.attached_to.as_ref()) {
            Some(parent) if !self.excludes() => {
                vec![ObjectPart::after_data(Part::Attach, parent_index_keys(parent))]
            }
            _ => Vec::new(),
        }
    }

    fn texts(&self) -> Vec<&str> {
        self.expression.as_deref().into_iter().collect()
    }

    fn attached_to(&self) -> Option<&RelationName> {
        self.index.as_ref()?.attached_to.as_ref()
    }

    fn is_inherited(&self) -> bool {
        self.inherited || self.attached_to().is_some()
    }
}
