//! Transforms of a type for a procedural language.

use std::sync::Arc;

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, Structure, type_address};

object! {
    /// A transform of a type for a language.
    pub struct Transform {
        /// The transformed type, as `format_type` prints it.
        data_type: Name,
        /// The language of the functions.
        language: Name;
        /// The function that converts values to the language, with its arguments, as SQL. Absent: the default conversion.
        from_sql: Option<Name>,
        /// The function that converts values from the language, as SQL. Absent: the default conversion.
        to_sql: Option<Name>,
    }
}

impl Transform {
    /// Returns the address of the object.
    pub fn object_key(&self) -> ObjectKey {
        let data_type = type_address(&self.data_type);
        ObjectKey { kind: ObjectKind::Transform, names: Arc::new([data_type]), args: Arc::new([self.language.clone()]) }
    }
}

impl Structure for Transform {
    fn requires(&self) -> Vec<ObjectKey> {
        vec![ObjectKey::global(ObjectKind::Language, &self.language)]
    }
}
