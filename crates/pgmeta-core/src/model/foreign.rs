//! Foreigns.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind};

object! {
    pub struct ForeignDataWrapper {
        name: Name;
    }
}

object! {
    pub struct Server {
        name: Name;
    }
}

object! {
    pub struct UserMapping {
        user: Name,
        server: Name;
    }
}

impl ForeignDataWrapper {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::global(ObjectKind::ForeignDataWrapper, &self.name)
    }
}

impl Server {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::global(ObjectKind::Server, &self.name)
    }
}

impl UserMapping {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey {
            kind: ObjectKind::UserMapping,
            names: Box::new([self.user.clone()]),
            args: Box::new([self.server.clone()]),
        }
    }
}
