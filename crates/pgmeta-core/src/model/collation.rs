//! Collations. Their versions are the business of the server that has them.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, Structure};

choice! {
    pub enum CollationProvider { Libc b'c' "libc", Icu b'i' "icu", Builtin b'b' "builtin", Default b'd' "default" }
}

object! {
    pub struct Collation {
        schema: Name,
        name: Name;
        provider: CollationProvider,
        nondeterministic: bool,
        /// Of libc: where LC_COLLATE and LC_CTYPE are the same.
        locale: Option<String>,
        lc_collate: Option<String>,
        lc_ctype: Option<String>,
        /// Tailoring of an ICU locale.
        rules: Option<String>,
    }
}

impl Collation {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::in_schema(ObjectKind::Collation, &self.schema, &self.name)
    }
}

impl Structure for Collation {
    fn requires(&self) -> Vec<ObjectKey> {
        vec![ObjectKey::global(ObjectKind::Schema, &self.schema)]
    }
}
