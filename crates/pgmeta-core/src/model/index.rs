//! Indexes without a constraint.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, ObjectPart, Part, RelationName, Section, Setting, Structure};

choice! {
    /// Where an index sorts nulls.
    pub enum NullsOrder {
        /// Last, or first in descending order.
        Default b'd' "default",
        /// Before all other values.
        First b'f' "NULLS FIRST",
        /// After all other values.
        Last b'l' "NULLS LAST",
    }
}

part! {
    /// The statistics target of an expression column of an index.
    pub struct IndexStatistics {
        /// The number of the column, from 1.
        column: i16,
        /// The statistics target.
        target: i32;
    }
}

part! {
    /// A key column of an index: a column of the table, or an expression.
    pub struct IndexColumn {
        ;
        /// The column of the table. Absent: it is an expression.
        column: Option<Name>,
        /// The expression, as SQL, in parentheses if the syntax requires them. Absent: it is a column.
        expression: Option<String>,
        /// The collation, as SQL. Absent: that of the column.
        collation: Option<Name>,
        /// The operator class, as SQL. Absent: the default class of the type.
        operator_class: Option<Name>,
        /// The parameters of the operator class.
        operator_class_options: Vec<Setting>,
        /// Whether it is sorted in descending order (DESC).
        descending: bool,
        /// Where nulls are sorted. The default is last, or first in descending order.
        nulls: NullsOrder,
    }
}

object! {
    /// An index without a constraint.
    pub struct Index {
        /// The schema of the index and its table.
        schema: Name,
        /// The name of the index.
        name: Name,
        /// The table or materialized view.
        table: Name,
        /// The access method, such as `btree`.
        method: Name,
        /// The key columns, in order.
        columns: Vec<IndexColumn>;
        /// The columns that the index stores besides the key (INCLUDE).
        include: Vec<Name>,
        /// Whether it is a unique index.
        unique: bool,
        /// Whether nulls are equal to each other (NULLS NOT DISTINCT).
        nulls_not_distinct: bool,
        /// The condition of a partial index, as SQL. Absent: all rows are indexed.
        predicate: Option<String>,
        /// The storage parameters.
        options: Vec<Setting>,
        /// The tablespace. Absent: the database's.
        tablespace: Option<Name>,
        /// Whether the table is partitioned. The index is then created with ONLY, and the partitions' indexes are attached to it.
        on_partitioned: bool,
        /// The parent's index that it is attached to.
        attached_to: Option<RelationName>,
        /// The statistics targets of expression columns.
        statistics_targets: Vec<IndexStatistics>,
        /// Whether the table was last clustered on it.
        clustered: bool,
        /// Whether it is the table's replica identity.
        replica_identity: bool,
        /// The extension that owns the table, and may own the index.
        on_member_of: Option<Name>,
        /// Whether the table is a materialized view.
        on_materialized_view: bool,
    }
}

impl Index {
    /// Returns the address of the object.
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::in_schema(ObjectKind::Index, &self.schema, &self.name)
    }

    /// Returns the address of its table.
    pub fn table_key(&self) -> ObjectKey {
        ObjectKey::in_schema(ObjectKind::Table, &self.schema, &self.table)
    }
}

/// Returns the possible keys of a partitioned table's index: its own, or that of its constraint.
pub fn parent_index_keys(parent: &RelationName) -> Vec<ObjectKey> {
    vec![ObjectKey::in_schema(ObjectKind::Index, &parent.schema, &parent.name)]
}

impl Structure for Index {
    fn parent(&self) -> Option<ObjectKey> {
        let kind = if self.on_materialized_view { ObjectKind::MaterializedView } else { ObjectKind::Table };
        Some(ObjectKey::in_schema(kind, &self.schema, &self.table))
    }

    fn requires(&self) -> Vec<ObjectKey> {
        let kinds = [ObjectKind::Table, ObjectKind::MaterializedView];
        kinds.map(|kind| ObjectKey::in_schema(kind, &self.schema, &self.table)).into()
    }

    fn section(&self) -> Section {
        Section::PostData
    }

    fn parts(&self) -> Vec<ObjectPart> {
        match &self.attached_to {
            Some(parent) => vec![ObjectPart::after_data(Part::Attach, parent_index_keys(parent))],
            None => Vec::new(),
        }
    }

    fn texts(&self) -> Vec<&str> {
        let expressions = self.columns.iter().filter_map(|column| column.expression.as_deref());
        expressions.chain(self.predicate.as_deref()).collect()
    }

    fn attached_to(&self) -> Option<&RelationName> {
        self.attached_to.as_ref()
    }

    fn is_inherited(&self) -> bool {
        self.attached_to.is_some()
    }
}
