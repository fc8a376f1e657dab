//! Schemas.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, Structure};

object! {
    /// A schema, without its objects.
    pub struct Schema {
        /// The name of the schema.
        name: Name;
    }
}

impl Schema {
    /// Returns whether it is the schema that every new database has.
    pub fn is_public(&self) -> bool {
        &*self.name == "public"
    }

    /// Returns the address of the object.
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::global(ObjectKind::Schema, &self.name)
    }
}

impl Structure for Schema {}
