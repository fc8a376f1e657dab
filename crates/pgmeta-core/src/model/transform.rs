//! Transforms.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind};

object! {
    pub struct Transform {
        data_type: Name,
        language: Name;
    }
}

impl Transform {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey {
            kind: ObjectKind::Transform,
            names: Box::new([self.data_type.clone()]),
            args: Box::new([self.language.clone()]),
        }
    }
}
