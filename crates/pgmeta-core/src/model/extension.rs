//! Extensions. Their members are theirs to make; see `member`.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind};

object! {
    pub struct Extension {
        name: Name,
        schema: Name,
        version: String;
    }
}

impl Extension {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::global(ObjectKind::Extension, &self.name)
    }
}
