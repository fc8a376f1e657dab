//! Procedural languages outside of extensions.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, Structure};

object! {
    /// A procedural language. Its functions are SQL.
    pub struct Language {
        /// The name of the language.
        name: Name,
        /// The function that calls functions of the language, as SQL.
        handler: Name;
        /// Whether it can be granted to all roles (TRUSTED).
        trusted: bool,
        /// The function that runs DO, as SQL. Absent: the language has no DO.
        inline: Option<Name>,
        /// The function that checks new functions, as SQL. Absent: they are not checked.
        validator: Option<Name>,
    }
}

impl Language {
    /// Returns the address of the object.
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::global(ObjectKind::Language, &self.name)
    }
}

impl Structure for Language {}
