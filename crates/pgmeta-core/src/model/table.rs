//! Tables: ordinary, partitioned, partitions, typed, foreign. Constraints and indexes have their own lists.

use crate::ident::Name;
use crate::model::{
    Column, Columns, ExpressionPlace, ObjectKey, ObjectKind, ObjectPart, Part, RelationName, Setting, Structure,
};

choice! {
    /// Whether a table is logged, and how long it exists.
    pub enum Persistence {
        /// It is logged, and survives a crash.
        Permanent b'p' "permanent",
        /// It is not logged, and empty after a crash.
        Unlogged b'u' "unlogged",
        /// It exists as long as its session.
        Temporary b't' "temporary",
    }
}

choice! {
    /// What identifies rows in logical replication.
    pub enum ReplicaIdentity {
        /// The primary key.
        Default b'd' "default",
        /// Nothing.
        Nothing b'n' "nothing",
        /// All columns.
        Full b'f' "full",
        /// An index, which has an attribute for this.
        Index b'i' "index",
    }
}

part! {
    /// The parent and bound of a partition.
    pub struct PartitionOf {
        /// The partitioned table.
        parent: RelationName,
        /// The bound, `FOR VALUES …` or `DEFAULT`, as SQL.
        bound: String;
    }
}

part! {
    /// The source of a foreign table's rows.
    pub struct ForeignSource {
        /// The foreign server.
        server: Name;
        /// The foreign-data options of the table.
        options: Vec<Setting>,
    }
}

object! {
    /// A table: ordinary, partitioned, partition, typed or foreign.
    pub struct Table {
        /// The schema of the table.
        schema: Name,
        /// The name of the table.
        name: Name;
        /// The columns, in order.
        columns: Columns,
        /// Whether it is logged, and how long it exists. The default is permanent.
        persistence: Persistence,
        /// The composite type of a typed table, as SQL. Absent: it is not typed.
        of_type: Option<Name>,
        /// The parents, in order. A partition has its parent in `partition_of`.
        inherits: Vec<RelationName>,
        /// The partitioned table and the bound. Absent: it is not a partition.
        partition_of: Option<PartitionOf>,
        /// The partition key, as SQL. Absent: it is not partitioned.
        partition_by: Option<String>,
        /// The source of a foreign table. Absent: it is not foreign.
        foreign: Option<ForeignSource>,
        /// The table access method. Absent: `heap`.
        access_method: Option<Name>,
        /// The tablespace. Absent: the database's.
        tablespace: Option<Name>,
        /// The storage parameters.
        options: Vec<Setting>,
        /// The storage parameters of its TOAST table.
        toast_options: Vec<Setting>,
        /// What identifies rows in logical replication. The default is the primary key.
        replica_identity: ReplicaIdentity,
        /// Whether row-level security is enabled.
        row_security: bool,
        /// Whether row-level security also applies to the owner.
        force_row_security: bool,
        /// The names of invalid indexes, which interrupted builds left.
        invalid_indexes: Vec<Name>,
        /// The estimated number of rows. Only with the option `sizes`, and only where the server has an estimate.
        rows_estimate: Option<i64>,
        /// The size on disk in bytes, with TOAST and without indexes. Only with the option `sizes`.
        bytes: Option<i64>,
    }
}

impl Table {
    /// Returns its kind as a keyword in statements.
    pub fn keyword(&self) -> &'static str {
        if self.foreign.is_some() { "FOREIGN TABLE" } else { "TABLE" }
    }

    /// Returns the tables from which it inherits, or the table that it is a partition of.
    pub fn parents(&self) -> impl Iterator<Item = &RelationName> {
        self.inherits.iter().chain(self.partition_of.as_ref().map(|partition| &partition.parent))
    }

    /// Returns the possible addresses of tables with these names.
    pub fn relation_keys<'a>(names: impl Iterator<Item = &'a RelationName>) -> impl Iterator<Item = ObjectKey> {
        let kinds = [ObjectKind::Table, ObjectKind::ForeignTable];
        names.flat_map(move |name| kinds.map(|kind| ObjectKey::in_schema(kind, &name.schema, &name.name)))
    }

    /// Returns the address of the object.
    pub fn object_key(&self) -> ObjectKey {
        let kind = if self.foreign.is_some() { ObjectKind::ForeignTable } else { ObjectKind::Table };
        ObjectKey::in_schema(kind, &self.schema, &self.name)
    }
}

impl Structure for Table {
    fn parent(&self) -> Option<ObjectKey> {
        let parent = self.parents().next()?;
        Some(ObjectKey::in_schema(ObjectKind::Table, &parent.schema, &parent.name))
    }

    fn requires(&self) -> Vec<ObjectKey> {
        let mut keys = vec![ObjectKey::global(ObjectKind::Schema, &self.schema)];
        keys.extend(Self::relation_keys(self.inherits.iter()));
        if let Some(foreign) = &self.foreign {
            keys.push(ObjectKey::global(ObjectKind::Server, &foreign.server));
        }
        keys
    }

    fn each_expression(&self, each: &mut dyn FnMut(ExpressionPlace, &[ObjectKey])) {
        for (position, column) in self.columns.iter().enumerate() {
            if !column.default_depends_on.is_empty() {
                let generated = column.generated.is_some();
                let place =
                    if generated { ExpressionPlace::Generated(position) } else { ExpressionPlace::Default(position) };
                each(place, &column.default_depends_on);
            }
        }
    }

    fn parts(&self) -> Vec<ObjectPart> {
        let mut parts = Vec::new();
        if let Some(partition) = &self.partition_of {
            let parent = Self::relation_keys(std::iter::once(&partition.parent)).collect();
            parts.push(ObjectPart::before_data(Part::Attach, parent));
        }
        for (position, column) in self.columns.iter().enumerate() {
            if column.separate_not_null().is_some() {
                parts.push(ObjectPart::after_data(Part::NotNull(position), Vec::new()));
            }
        }
        if self.row_security || self.force_row_security {
            parts.push(ObjectPart::after_data(Part::RowSecurity, Vec::new()));
        }
        parts
    }

    fn columns(&self) -> &[Box<Column>] {
        &self.columns
    }
}
