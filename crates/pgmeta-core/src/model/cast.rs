//! Casts.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind};

object! {
    pub struct Cast {
        source: Name,
        target_type: Name;
    }
}

impl Cast {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey {
            kind: ObjectKind::Cast,
            names: Box::new([self.source.clone()]),
            args: Box::new([self.target_type.clone()]),
        }
    }
}
