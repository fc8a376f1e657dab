//! Procedural languages that no extension made.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, Structure};

object! {
    /// Its functions are SQL.
    pub struct Language {
        name: Name,
        handler: Name;
        trusted: bool,
        /// For DO.
        inline: Option<Name>,
        validator: Option<Name>,
    }
}

impl Language {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::global(ObjectKind::Language, &self.name)
    }
}

impl Structure for Language {}
