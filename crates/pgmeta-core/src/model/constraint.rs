//! Constraints of tables. Those of domains are part of their domain, not-null constraints of their column.

use crate::ident::Name;
use crate::model::{
    ObjectKey, ObjectKind, ObjectPart, Part, RelationName, Section, Setting, Structure, parent_index_keys,
};

choice! {
    pub enum ConstraintKind {
        Check b'c' "check", PrimaryKey b'p' "primary key", Unique b'u' "unique", ForeignKey b'f' "foreign key",
        Exclusion b'x' "exclusion",
    }
}

choice! {
    pub enum ForeignKeyAction {
        NoAction b'a' "NO ACTION", Restrict b'r' "RESTRICT", Cascade b'c' "CASCADE", SetNull b'n' "SET NULL",
        SetDefault b'd' "SET DEFAULT",
    }
}

choice! {
    pub enum ForeignKeyMatch { Simple b's' "SIMPLE", Full b'f' "FULL", Partial b'p' "PARTIAL" }
}

part! {
    pub struct ForeignKey {
        table: RelationName,
        columns: Vec<Name>;
        matching: ForeignKeyMatch,
        on_update: ForeignKeyAction,
        on_delete: ForeignKeyAction,
        /// The columns that ON DELETE SET NULL or SET DEFAULT sets, where not all.
        on_delete_columns: Vec<Name>,
    }
}

part! {
    /// The index behind a primary key, unique or exclusion constraint.
    pub struct ConstraintIndex {
        ;
        include: Vec<Name>,
        nulls_not_distinct: bool,
        options: Vec<Setting>,
        tablespace: Option<Name>,
        clustered: bool,
        replica_identity: bool,
        /// The parent's index that it is attached to.
        attached_to: Option<RelationName>,
        /// Only expression columns can have one.
        statistics_targets: Vec<super::IndexStatistics>,
        comment: Option<String>,
    }
}

object! {
    pub struct Constraint {
        schema: Name,
        table: Name,
        name: Name;
        kind: ConstraintKind,
        columns: Vec<Name>,
        /// A check's condition; an exclusion constraint's whole definition. As SQL.
        expression: Option<String>,
        foreign_key: Option<Box<ForeignKey>>,
        index: Option<Box<ConstraintIndex>>,
        deferrable: bool,
        initially_deferred: bool,
        not_valid: bool,
        not_enforced: bool,
        no_inherit: bool,
        /// Only there because a parent has it.
        inherited: bool,
        /// WITHOUT OVERLAPS, or PERIOD of a foreign key.
        period: bool,
        /// The table is partitioned, so a foreign key cannot say ONLY.
        on_partitioned: bool,
        /// The table is a foreign one.
        on_foreign: bool,
    }
}

impl Constraint {
    /// Returns whether CREATE TABLE makes it, rather than a statement of its own.
    pub fn is_inline_check(&self) -> bool {
        self.kind == ConstraintKind::Check && !self.not_valid
    }

    /// Returns whether its index compares by operators of its own choice. The server attaches no such index: the
    /// constraint of a partitioned table must make those of its partitions, under names of the server's choice.
    pub fn excludes(&self) -> bool {
        self.kind == ConstraintKind::Exclusion || (self.period && self.kind != ConstraintKind::ForeignKey)
    }

    /// Returns the parent's index where the parent's constraint makes this one.
    pub fn made_by_parent(&self) -> Option<&RelationName> {
        self.index.as_ref().filter(|_| self.excludes())?.attached_to.as_ref()
    }

    pub fn table_keyword(&self) -> &'static str {
        if self.on_foreign { "FOREIGN TABLE" } else { "TABLE" }
    }

    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::on_relation(ObjectKind::TableConstraint, &self.schema, &self.table, &self.name)
    }

    /// Returns the key of its table, which may be a foreign one.
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
        if let Some(parent) = self.made_by_parent() {
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
}
