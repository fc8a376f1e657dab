//! Large objects.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind};

object! {
    pub struct LargeObject {
        oid: u32;
    }
}

impl LargeObject {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::global(ObjectKind::LargeObject, &Name::from(self.oid.to_string()))
    }
}
