//! Default privileges (ALTER DEFAULT PRIVILEGES).

use std::sync::Arc;

use crate::ident::Name;
use crate::model::{DefaultPrivilegesOn, Grant, ObjectKey, ObjectKind, Section, Structure};

object! {
    /// The privileges that new objects of a role get (ALTER DEFAULT PRIVILEGES).
    pub struct DefaultPrivileges {
        /// The role whose new objects get the privileges.
        role: Name,
        /// The kind of object that gets the privileges.
        object_type: DefaultPrivilegesOn;
        /// The schema of the new objects. Absent: all schemas; then `grants` replaces PostgreSQL's defaults, otherwise it adds to them.
        schema: Option<Name>,
        /// The privileges that new objects get.
        grants: Vec<Grant>,
    }
}

impl DefaultPrivilegesOn {
    /// Returns the kind of object with these privileges.
    pub fn kind(self) -> ObjectKind {
        match self {
            DefaultPrivilegesOn::Tables => ObjectKind::Table,
            DefaultPrivilegesOn::Sequences => ObjectKind::Sequence,
            DefaultPrivilegesOn::Functions => ObjectKind::Function,
            DefaultPrivilegesOn::Types => ObjectKind::Type,
            DefaultPrivilegesOn::Schemas => ObjectKind::Schema,
            DefaultPrivilegesOn::LargeObjects => ObjectKind::LargeObject,
        }
    }
}

impl DefaultPrivileges {
    /// Returns the address of the object.
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey {
            kind: ObjectKind::DefaultPrivileges,
            names: std::iter::once(self.role.clone()).chain(self.schema.clone()).collect(),
            args: Arc::new([Name::from(self.object_type.word().to_ascii_lowercase())]),
        }
    }
}

impl Structure for DefaultPrivileges {
    fn requires(&self) -> Vec<ObjectKey> {
        self.schema.iter().map(|schema| ObjectKey::global(ObjectKind::Schema, schema)).collect()
    }

    fn section(&self) -> Section {
        Section::PostData
    }
}
