//! Large objects: that they exist, not what they contain.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, Structure};

object! {
    pub struct LargeObject {
        /// Its number, which is its name.
        oid: u32;
    }
}

impl LargeObject {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::global(ObjectKind::LargeObject, &Name::from(self.oid.to_string()))
    }
}

impl Structure for LargeObject {}
