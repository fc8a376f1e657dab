//! Schemas.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, Structure};

object! {
    pub struct Schema { name: Name; }
}

impl Schema {
    /// Returns whether it is the schema that every database is made with.
    pub fn is_public(&self) -> bool {
        &*self.name == "public"
    }

    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::global(ObjectKind::Schema, &self.name)
    }
}

impl Structure for Schema {}
