//! Default privileges: what ALTER DEFAULT PRIVILEGES sets.

use std::sync::Arc;

use crate::ident::Name;
use crate::model::{Grant, ObjectKey, ObjectKind, Section, Structure};

choice! {
    /// What kind of object the privileges are for, as ALTER DEFAULT PRIVILEGES names it.
    pub enum DefaultPrivilegesOn {
        Tables b'r' "TABLES", Sequences b'S' "SEQUENCES", Functions b'f' "FUNCTIONS", Types b'T' "TYPES",
        Schemas b'n' "SCHEMAS", LargeObjects b'L' "LARGE OBJECTS",
    }
}

object! {
    pub struct DefaultPrivileges {
        /// The role whose new objects get them.
        role: Name,
        object_type: DefaultPrivilegesOn;
        /// Absent: everywhere; then `grants` replaces PostgreSQL's own defaults, else it comes on top.
        schema: Option<Name>,
        grants: Vec<Grant>,
    }
}

impl DefaultPrivilegesOn {
    /// Returns the kind of object whose privileges these are.
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
