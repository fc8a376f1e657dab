//! Conversions between encodings.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, Structure};

object! {
    /// A conversion between encodings (CREATE CONVERSION ).
    pub struct Conversion {
        /// The schema of the conversion.
        schema: Name,
        /// The name of the conversion.
        name: Name,
        /// The encoding that it converts from.
        source: Name,
        /// The encoding that it converts to.
        destination: Name,
        /// The function that converts, as SQL.
        function: Name;
        /// Whether it is the default conversion between its encodings, within its schema.
        default: bool,
    }
}

impl Conversion {
    /// Returns the address of the object.
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::in_schema(ObjectKind::Conversion, &self.schema, &self.name)
    }
}

impl Structure for Conversion {
    fn requires(&self) -> Vec<ObjectKey> {
        vec![ObjectKey::global(ObjectKind::Schema, &self.schema)]
    }
}
