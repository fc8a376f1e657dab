//! Large objects, without their contents.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, Structure};

object! {
    /// A large object, without its data.
    pub struct LargeObject {
        /// The OID of the large object, which is its name.
        oid: u32;
    }
}

impl LargeObject {
    /// Returns the address of the object.
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::global(ObjectKind::LargeObject, &Name::from(self.oid.to_string()))
    }
}

impl Structure for LargeObject {}
