//! Policys.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind};

object! {
    pub struct Policy {
        schema: Name,
        table: Name,
        name: Name;
    }
}

impl Policy {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::on_relation(ObjectKind::Policy, &self.schema, &self.table, &self.name)
    }
}
