//! Event triggers.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind};

object! {
    pub struct EventTrigger {
        name: Name;
    }
}

impl EventTrigger {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::global(ObjectKind::EventTrigger, &self.name)
    }
}
