//! Conversions.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind};

object! {
    pub struct Conversion {
        schema: Name,
        name: Name;
    }
}

impl Conversion {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::in_schema(ObjectKind::Conversion, &self.schema, &self.name)
    }
}
