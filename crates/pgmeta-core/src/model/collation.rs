//! Collations.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind};

object! {
    pub struct Collation {
        schema: Name,
        name: Name;
    }
}

impl Collation {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::in_schema(ObjectKind::Collation, &self.schema, &self.name)
    }
}
