//! Operators.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind};

object! {
    pub struct Operator {
        schema: Name,
        name: Name,
        /// `NONE` for a prefix operator.
        left: Name,
        right: Name;
    }
}

impl Operator {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::with_args(
            ObjectKind::Operator,
            &self.schema,
            &self.name,
            vec![self.left.clone(), self.right.clone()],
        )
    }
}
