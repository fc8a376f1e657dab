//! Tables: ordinary, partitioned, partitions, typed, foreign. Their constraints and indexes have lists of their own.

use crate::ident::Name;
use crate::model::{Columns, ObjectKey, ObjectKind, RelationName, Setting, Structure};

choice! {
    pub enum Persistence { Permanent b'p' "permanent", Unlogged b'u' "unlogged", Temporary b't' "temporary" }
}

choice! {
    /// `index`: an attribute of the index marks it.
    pub enum ReplicaIdentity { Default b'd' "default", Nothing b'n' "nothing", Full b'f' "full", Index b'i' "index" }
}

part! {
    pub struct PartitionOf {
        parent: RelationName,
        /// `FOR VALUES …` or `DEFAULT`, as SQL.
        bound: String;
    }
}

part! {
    pub struct ForeignSource { server: Name; options: Vec<Setting> }
}

object! {
    pub struct Table {
        schema: Name,
        name: Name;
        columns: Columns,
        persistence: Persistence,
        /// The composite type of a typed table, as SQL.
        of_type: Option<Name>,
        /// Parents, in order; not of partitions.
        inherits: Vec<RelationName>,
        partition_of: Option<PartitionOf>,
        /// The partition key, as SQL.
        partition_by: Option<String>,
        /// Of a foreign table.
        foreign: Option<ForeignSource>,
        access_method: Option<Name>,
        tablespace: Option<Name>,
        options: Vec<Setting>,
        /// Of its TOAST table.
        toast_options: Vec<Setting>,
        replica_identity: ReplicaIdentity,
        row_security: bool,
        force_row_security: bool,
        /// What interrupted builds left behind: indexes, of which nothing but the name is of interest.
        invalid_indexes: Vec<Name>,
        /// About how many rows it has. Only with the option `sizes`, and only where the server has an estimate.
        rows_estimate: Option<i64>,
        /// Its size on disk with TOAST and without indexes. Only with the option `sizes`.
        bytes: Option<i64>,
    }
}

impl Table {
    pub fn keyword(&self) -> &'static str {
        if self.foreign.is_some() { "FOREIGN TABLE" } else { "TABLE" }
    }

    pub fn parents(&self) -> impl Iterator<Item = &RelationName> {
        self.inherits.iter().chain(self.partition_of.as_ref().map(|partition| &partition.parent))
    }

    pub fn relation_keys<'a>(names: impl Iterator<Item = &'a RelationName>) -> impl Iterator<Item = ObjectKey> {
        let kinds = [ObjectKind::Table, ObjectKind::ForeignTable];
        names.flat_map(move |name| kinds.map(|kind| ObjectKey::in_schema(kind, &name.schema, &name.name)))
    }

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
}
