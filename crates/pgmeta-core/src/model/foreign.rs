//! Foreign-data wrappers, servers and user mappings. Foreign tables are tables.

use std::sync::Arc;

use crate::ident::Name;
use crate::model::secrets::{self, MASK};
use crate::model::{ObjectKey, ObjectKind, Setting, Structure};

object! {
    pub struct ForeignDataWrapper {
        name: Name;
        /// A function, as SQL.
        handler: Option<Name>,
        validator: Option<Name>,
        /// By name.
        options: Vec<Setting>,
    }
}

object! {
    pub struct Server {
        name: Name,
        foreign_data_wrapper: Name;
        #[serde(rename = "type")]
        server_type: Option<String>,
        version: Option<String>,
        /// By name.
        options: Vec<Setting>,
    }
}

object! {
    pub struct UserMapping {
        /// `public` for PUBLIC: no role has that name.
        user: Name,
        server: Name;
        /// By name.
        options: Vec<Setting>,
        /// Whoever read the model was not allowed to see the options.
        options_hidden: bool,
    }
}

impl ForeignDataWrapper {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::global(ObjectKind::ForeignDataWrapper, &self.name)
    }

    /// Covers what must not be shown.
    pub fn mask_secrets(&mut self) {
        secrets::mask_settings(&mut self.options);
    }
}

impl Server {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::global(ObjectKind::Server, &self.name)
    }

    /// Covers what must not be shown.
    pub fn mask_secrets(&mut self) {
        secrets::mask_settings(&mut self.options);
    }
}

impl UserMapping {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey {
            kind: ObjectKind::UserMapping,
            names: Arc::new([self.user.clone()]),
            args: Arc::new([self.server.clone()]),
        }
    }

    /// Covers what must not be shown: all but the remote user's name, for credentials are what a mapping is for.
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
