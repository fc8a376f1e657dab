//! Extensions. CREATE EXTENSION creates their members; see `member`.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, Structure};

object! {
    /// An extension (CREATE EXTENSION).
    pub struct Extension {
        /// The name of the extension.
        name: Name,
        /// The schema of the extension's objects.
        schema: Name,
        /// The installed version.
        version: String;
        /// Whether its control file forbids `ALTER EXTENSION … SET SCHEMA`. Absent in snapshots of older versions of pgmeta.
        not_relocatable: bool,
    }
}

impl Extension {
    /// Returns the address of the object.
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::global(ObjectKind::Extension, &self.name)
    }
}

impl Structure for Extension {
    fn requires(&self) -> Vec<ObjectKey> {
        vec![ObjectKey::global(ObjectKind::Schema, &self.schema)]
    }
}
