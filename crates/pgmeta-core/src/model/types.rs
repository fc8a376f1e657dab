//! Typess.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind};

object! {
    pub struct Type {
        schema: Name,
        name: Name;
    }
}

impl Type {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::in_schema(ObjectKind::Type, &self.schema, &self.name)
    }

    /// Returns whether `CREATE TYPE x;` can stand for it until it is complete.
    pub fn has_shell(&self) -> bool {
        false
    }
}
