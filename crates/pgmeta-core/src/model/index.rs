//! Indexes that no constraint owns.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, ObjectPart, Part, RelationName, Section, Setting, Structure};

choice! {
    pub enum NullsOrder { Default b'd' "default", First b'f' "NULLS FIRST", Last b'l' "NULLS LAST" }
}

part! {
    pub struct IndexStatistics { column: i16, target: i32; }
}

part! {
    pub struct IndexColumn {
        ;
        column: Option<Name>,
        /// As SQL, in parentheses where the syntax asks for them.
        expression: Option<String>,
        /// Where it is not the column's own, as SQL.
        collation: Option<Name>,
        /// Where it is not the default one, as SQL.
        operator_class: Option<Name>,
        operator_class_options: Vec<Setting>,
        descending: bool,
        nulls: NullsOrder,
    }
}

object! {
    pub struct Index {
        schema: Name,
        name: Name,
        table: Name,
        method: Name,
        columns: Vec<IndexColumn>;
        include: Vec<Name>,
        unique: bool,
        nulls_not_distinct: bool,
        predicate: Option<String>,
        options: Vec<Setting>,
        tablespace: Option<Name>,
        /// The table is partitioned: the index is made with ONLY, and the partitions' are attached.
        on_partitioned: bool,
        attached_to: Option<RelationName>,
        statistics_targets: Vec<IndexStatistics>,
        clustered: bool,
        replica_identity: bool,
        /// The extension that owns the table, and may own the index.
        on_member_of: Option<Name>,
        /// The table is a materialized view.
        on_materialized_view: bool,
    }
}

impl Index {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::in_schema(ObjectKind::Index, &self.schema, &self.name)
    }

    pub fn table_key(&self) -> ObjectKey {
        ObjectKey::in_schema(ObjectKind::Table, &self.schema, &self.table)
    }
}

/// The keys that a partitioned table's index can have: its own, or that of the constraint it is behind.
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
}
