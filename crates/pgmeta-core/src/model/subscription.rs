//! Subscriptions.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind};

object! {
    pub struct Subscription {
        name: Name;
    }
}

impl Subscription {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::global(ObjectKind::Subscription, &self.name)
    }
}
