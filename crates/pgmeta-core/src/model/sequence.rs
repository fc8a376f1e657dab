//! Sequences, including those of serial and identity columns.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, ObjectPart, Part, Structure};

part! {
    /// The column whose drop also drops the sequence. It may be in another schema.
    pub struct OwnedBy {
        /// The schema of the table.
        schema: Name,
        /// The name of the table.
        table: Name,
        /// The name of the column.
        column: Name;
    }
}

object! {
    /// A sequence, including that of a serial or identity column.
    pub struct Sequence {
        /// The schema of the sequence.
        schema: Name,
        /// The name of the sequence.
        name: Name;
        /// The type of its values: smallint, integer or bigint.
        data_type: Name,
        /// The first value.
        start: i64,
        /// The step from one value to the next.
        increment: i64,
        /// The smallest value.
        min: i64,
        /// The largest value.
        max: i64,
        /// The number of values that a session reserves at once.
        cache: i64,
        /// Whether it starts again after its last value.
        cycle: bool,
        /// Whether it is unlogged.
        unlogged: bool,
        /// The column whose drop also drops the sequence.
        owned_by: Option<OwnedBy>,
        /// Whether the column is an identity column, which creates the sequence.
        identity: bool,
    }
}

impl Sequence {
    /// Returns the possible addresses of its column's table.
    pub fn table_keys(&self) -> Vec<ObjectKey> {
        let kinds = [ObjectKind::Table, ObjectKind::ForeignTable];
        let owned = self.owned_by.iter();
        owned.flat_map(|owned| kinds.map(|kind| ObjectKey::in_schema(kind, &owned.schema, &owned.table))).collect()
    }

    /// Returns the address of the object.
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::in_schema(ObjectKind::Sequence, &self.schema, &self.name)
    }
}

impl Structure for Sequence {
    fn parent(&self) -> Option<ObjectKey> {
        let owned = self.owned_by.as_ref()?;
        Some(ObjectKey::in_schema(ObjectKind::Table, &owned.schema, &owned.table))
    }

    fn requires(&self) -> Vec<ObjectKey> {
        let mut keys = vec![ObjectKey::global(ObjectKind::Schema, &self.schema)];
        if self.identity {
            keys.extend(self.table_keys());
        }
        keys
    }

    fn parts(&self) -> Vec<ObjectPart> {
        if self.identity || self.owned_by.is_none() {
            return Vec::new();
        }
        vec![ObjectPart::before_data(Part::OwnedBy, self.table_keys())]
    }
}
