//! Sequences, those behind serial and identity columns too.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, ObjectPart, Part, Structure};

part! {
    /// The column, in the sequence's own schema or another, whose drop drops the sequence.
    pub struct OwnedBy { schema: Name, table: Name, column: Name; }
}

object! {
    pub struct Sequence {
        schema: Name,
        name: Name;
        data_type: Name,
        start: i64,
        increment: i64,
        min: i64,
        max: i64,
        cache: i64,
        cycle: bool,
        unlogged: bool,
        owned_by: Option<OwnedBy>,
        /// The column is an identity column, which creates the sequence.
        identity: bool,
    }
}

impl Sequence {
    pub fn table_keys(&self) -> Vec<ObjectKey> {
        let kinds = [ObjectKind::Table, ObjectKind::ForeignTable];
        let owned = self.owned_by.iter();
        owned.flat_map(|owned| kinds.map(|kind| ObjectKey::in_schema(kind, &owned.schema, &owned.table))).collect()
    }

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
