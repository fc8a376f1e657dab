//! Schemas.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind};

object! {
    pub struct Schema { name: Name; }
}

impl Schema {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::global(ObjectKind::Schema, &self.name)
    }
}
