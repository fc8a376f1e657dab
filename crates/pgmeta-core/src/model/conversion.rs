//! Conversions between encodings.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind};

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
