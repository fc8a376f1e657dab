//! Extensions. Their members are theirs to make; see `member`.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, Structure};

object! {
    pub struct Extension {
        name: Name,
        schema: Name,
        version: String;
        /// Its control file forbids `ALTER EXTENSION … SET SCHEMA`. Absent in snapshots of older versions of pgmeta, too.
        not_relocatable: bool,
    }
}

impl Extension {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::global(ObjectKind::Extension, &self.name)
    }
}

impl Structure for Extension {
    fn requires(&self) -> Vec<ObjectKey> {
        vec![ObjectKey::global(ObjectKind::Schema, &self.schema)]
    }
}
