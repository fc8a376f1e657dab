//! Aggregates.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind};

object! {
    pub struct Aggregate {
        schema: Name,
        name: Name,
        /// Argument types as `pg_get_object_address` takes them.
        arguments: Vec<Name>;
    }
}

impl Aggregate {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::with_args(ObjectKind::Aggregate, &self.schema, &self.name, self.arguments.clone())
    }
}
