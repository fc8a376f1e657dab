//! Default privileges: what ALTER DEFAULT PRIVILEGES sets.

use std::sync::Arc;

use crate::ident::Name;
use crate::model::{Grant, ObjectKey, ObjectKind, Section, Structure};

choice! {
    /// What kind of object the privileges are for, as ALTER DEFAULT PRIVILEGES names it.
    pub enum DefaultPrivilegesOn {
        /// Tables and views.
        Tables b'r' "TABLES",
        /// Sequences.
        Sequences b'S' "SEQUENCES",
        /// Functions, procedures and aggregates.
        Functions b'f' "FUNCTIONS",
        /// Types and domains.
        Types b'T' "TYPES",
        /// Schemas.
        Schemas b'n' "SCHEMAS",
        /// Large objects.
        LargeObjects b'L' "LARGE OBJECTS",
    }
}

object! {
    /// The privileges that new objects of a role get, as ALTER DEFAULT PRIVILEGES sets them.
    pub struct DefaultPrivileges {
        /// The role whose new objects get the privileges.
        role: Name,
        /// The kind of object that gets the privileges.
        object_type: DefaultPrivilegesOn;
        /// The schema in which they hold. Absent: all schemas; then `grants` replaces PostgreSQL's own defaults,
        /// otherwise it adds to them.
        schema: Option<Name>,
        /// The privileges that new objects get.
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
