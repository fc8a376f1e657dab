//! Operator classs.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind};

object! {
    pub struct OperatorFamily {
        method: Name,
        schema: Name,
        name: Name;
    }
}

object! {
    pub struct OperatorClass {
        method: Name,
        schema: Name,
        name: Name;
    }
}

impl OperatorFamily {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey {
            kind: ObjectKind::OperatorFamily,
            names: Box::new([self.method.clone(), self.schema.clone(), self.name.clone()]),
            args: Box::default(),
        }
    }
}

impl OperatorClass {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey {
            kind: ObjectKind::OperatorClass,
            names: Box::new([self.method.clone(), self.schema.clone(), self.name.clone()]),
            args: Box::default(),
        }
    }
}
