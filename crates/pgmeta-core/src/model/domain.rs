//! Domains.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind};

part! {
    /// A check; not-null is an attribute.
    pub struct DomainCheck {
        name: Name;
        depends_on: Vec<ObjectKey>,
    }
}

object! {
    pub struct Domain {
        schema: Name,
        name: Name; checks: Vec<DomainCheck>
    }
}

impl Domain {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::in_schema(ObjectKind::Type, &self.schema, &self.name)
    }

    /// Returns the key of one of its checks.
    pub fn check_key(&self, position: usize) -> ObjectKey {
        ObjectKey::on_relation(
            ObjectKind::DomainConstraint,
            &self.schema,
            &self.name,
            &self.checks[position].name,
        )
    }
}
