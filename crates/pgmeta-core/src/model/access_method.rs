//! Access methods.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind};

object! {
    pub struct AccessMethod {
        name: Name;
    }
}

impl AccessMethod {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::global(ObjectKind::AccessMethod, &self.name)
    }
}
