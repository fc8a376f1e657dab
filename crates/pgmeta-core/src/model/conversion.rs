//! Conversions between encodings.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, Structure};

object! {
    pub struct Conversion {
        schema: Name,
        name: Name,
        /// Encodings.
        source: Name,
        destination: Name,
        /// As SQL.
        function: Name;
        /// The default one between its encodings, within its schema.
        default: bool,
    }
}

impl Conversion {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::in_schema(ObjectKind::Conversion, &self.schema, &self.name)
    }
}

impl Structure for Conversion {
    fn requires(&self) -> Vec<ObjectKey> {
        vec![ObjectKey::global(ObjectKind::Schema, &self.schema)]
    }
}
