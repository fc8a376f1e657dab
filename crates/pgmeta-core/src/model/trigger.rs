//! Triggers.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind};

object! {
    pub struct Trigger {
        schema: Name,
        table: Name,
        name: Name;
    }
}

impl Trigger {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::on_relation(ObjectKind::Trigger, &self.schema, &self.table, &self.name)
    }
}
