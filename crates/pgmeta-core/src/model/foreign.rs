//! Foreign-data wrappers, servers and user mappings. Foreign tables are tables.

use std::sync::Arc;

use crate::ident::Name;
use crate::model::secrets::{self, MASK};
use crate::model::{ObjectKey, ObjectKind, Setting, Structure};

object! {
    /// A foreign-data wrapper.
    pub struct ForeignDataWrapper {
        /// The name of the foreign-data wrapper.
        name: Name;
        /// The handler function, as SQL. Absent: none.
        handler: Option<Name>,
        /// The function that checks options, as SQL. Absent: options are not checked.
        validator: Option<Name>,
        /// The options of the foreign-data wrapper, by name.
        options: Vec<Setting>,
    }
}

object! {
    /// A foreign server.
    pub struct Server {
        /// The name of the server.
        name: Name,
        /// The foreign-data wrapper of the server.
        foreign_data_wrapper: Name;
        /// The type of the server (TYPE).
        #[serde(rename = "type")]
        server_type: Option<String>,
        /// The version of the server (VERSION).
        version: Option<String>,
        /// The options of the server, by name.
        options: Vec<Setting>,
    }
}

object! {
    /// The login of a role on a foreign server.
    pub struct UserMapping {
        /// The local role, or `public` for PUBLIC, which cannot be the name of a role.
        user: Name,
        /// The foreign server.
        server: Name;
        /// The options of the user mapping, by name.
        options: Vec<Setting>,
        /// Whether the reader of the catalog could not see the options.
        options_hidden: bool,
    }
}

impl ForeignDataWrapper {
    /// Returns the address of the object.
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::global(ObjectKind::ForeignDataWrapper, &self.name)
    }

    /// Masks secrets.
    pub fn mask_secrets(&mut self) {
        secrets::mask_settings(&mut self.options);
    }
}

impl Server {
    /// Returns the address of the object.
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::global(ObjectKind::Server, &self.name)
    }

    /// Masks secrets.
    pub fn mask_secrets(&mut self) {
        secrets::mask_settings(&mut self.options);
    }
}

impl UserMapping {
    /// Returns the address of the object.
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey {
            kind: ObjectKind::UserMapping,
            names: Arc::new([self.user.clone()]),
            args: Arc::new([self.server.clone()]),
        }
    }

    /// Masks all options but the remote user's name: a mapping consists of credentials.
    pub fn mask_secrets(&mut self) {
        for option in &mut self.options {
            if !matches!(&*option.name, "user" | "username") {
                MASK.clone_into(&mut option.value);
            }
        }
    }
}

impl Structure for ForeignDataWrapper {}

impl Structure for Server {
    fn requires(&self) -> Vec<ObjectKey> {
        vec![ObjectKey::global(ObjectKind::ForeignDataWrapper, &self.foreign_data_wrapper)]
    }
}

impl Structure for UserMapping {
    fn requires(&self) -> Vec<ObjectKey> {
        vec![ObjectKey::global(ObjectKind::Server, &self.server), ObjectKey::global(ObjectKind::Role, &self.user)]
    }
}
