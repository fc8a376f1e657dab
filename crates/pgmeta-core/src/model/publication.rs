//! Publications.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind};

object! {
    pub struct Publication {
        name: Name;
    }
}

impl Publication {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::global(ObjectKind::Publication, &self.name)
    }
}
