//! Transforms of a type for a procedural language.

use std::sync::Arc;

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, Structure, type_address};

object! {
    pub struct Transform {
        data_type: Name,
        language: Name;
        /// Functions with their arguments, as SQL.
        from_sql: Option<Name>,
        to_sql: Option<Name>,
    }
}

impl Transform {
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
