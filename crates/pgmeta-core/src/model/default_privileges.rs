//! Default privilegess.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind};

object! {
    pub struct DefaultPrivileges {
        role: Name,
        schema: Option<Name>,
        object_type: Name;
    }
}

impl DefaultPrivileges {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey {
            kind: ObjectKind::DefaultPrivileges,
            names: std::iter::once(self.role.clone())
                .chain(self.schema.clone())
                .collect(),
            args: Box::new([self.object_type.clone()]),
        }
    }
}
