//! Collations. Their versions belong to the server.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, Structure};

choice! {
    /// The library that provides a collation's locale.
    pub enum CollationProvider {
        /// The C library of the operating system.
        Libc b'c' "libc",
        /// The ICU library.
        Icu b'i' "icu",
        /// PostgreSQL itself.
        Builtin b'b' "builtin",
        /// The provider of the database.
        Default b'd' "default",
    }
}

object! {
    /// A collation (CREATE COLLATION ).
    pub struct Collation {
        /// The schema of the collation.
        schema: Name,
        /// The name of the collation.
        name: Name;
        /// The library that provides the locale.
        provider: CollationProvider,
        /// Whether strings with different bytes can be equal.
        nondeterministic: bool,
        /// The locale. With the provider libc: present if LC_COLLATE and LC_CTYPE are the same.
        locale: Option<String>,
        /// The libc locale for the sort order (LC_COLLATE).
        lc_collate: Option<String>,
        /// The libc locale for character classes (LC_CTYPE).
        lc_ctype: Option<String>,
        /// Additional ICU collation rules.
        rules: Option<String>,
    }
}

impl Collation {
    /// Returns the address of the object.
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::in_schema(ObjectKind::Collation, &self.schema, &self.name)
    }
}

impl Structure for Collation {
    fn requires(&self) -> Vec<ObjectKey> {
        vec![ObjectKey::global(ObjectKind::Schema, &self.schema)]
    }
}
