//! Members.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind};

object! {
    pub struct ExtensionMember {
        object: ObjectKey;
    }
}

impl ExtensionMember {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey {
            kind: ObjectKind::ExtensionMember,
            names: self.object.names.clone(),
            args: std::iter::once(Name::from(self.object.kind.word()))
                .chain(self.object.args.iter().cloned())
                .collect(),
        }
    }
}
