//! Clusters.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind};

object! {
    pub struct Role {
        name: Name;
    }
}

object! {
    pub struct RoleMembership {
        role: Name,
        member: Name,
        grantor: Name;
    }
}

object! {
    pub struct Tablespace {
        name: Name;
    }
}

object! {
    pub struct Database {
        name: Name;
    }
}

object! {
    pub struct ParameterPrivileges {
        name: Name;
    }
}

impl Role {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::global(ObjectKind::Role, &self.name)
    }
}

impl RoleMembership {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey {
            kind: ObjectKind::RoleMembership,
            names: Box::new([self.role.clone(), self.member.clone(), self.grantor.clone()]),
            args: Box::default(),
        }
    }
}

impl Tablespace {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::global(ObjectKind::Tablespace, &self.name)
    }
}

impl Database {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::global(ObjectKind::Database, &self.name)
    }
}

impl ParameterPrivileges {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::global(ObjectKind::ParameterPrivileges, &self.name)
    }
}
