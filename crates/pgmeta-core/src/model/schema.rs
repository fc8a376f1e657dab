//! Schemas.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, Structure};

object! {
    pub struct Schema { name: Name; }
}

impl Schema {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::global(ObjectKind::Schema, &self.name)
    }
}

impl Structure for Schema {}
