//! Functions.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind};

object! {
    pub struct Function {
        schema: Name,
        name: Name,
        /// Argument types as `pg_get_object_address` takes them.
        arguments: Vec<Name>;
    }
}

impl Function {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::with_args(ObjectKind::Function, &self.schema, &self.name, self.arguments.clone())
    }
}
