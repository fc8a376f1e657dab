//! Extensions.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind};

object! {
    pub struct Extension {
        name: Name;
    }
}

impl Extension {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::global(ObjectKind::Extension, &self.name)
    }
}
