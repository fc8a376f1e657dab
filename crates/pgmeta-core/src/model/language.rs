//! Languages.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind};

object! {
    pub struct Language {
        name: Name;
    }
}

impl Language {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::global(ObjectKind::Language, &self.name)
    }
}
