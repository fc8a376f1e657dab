//! Access methods of tables and indexes.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, Structure};

choice! {
    /// What an access method serves.
    pub enum AccessMethodType {
        /// It serves indexes.
        Index b'i' "INDEX",
        /// It serves tables.
        Table b't' "TABLE",
    }
}

object! {
    /// An access method, as CREATE ACCESS METHOD makes it.
    pub struct AccessMethod {
        /// The name of the access method.
        name: Name,
        /// The handler function, as SQL.
        handler: Name;
        /// Whether it serves indexes or tables. The default is INDEX.
        of: AccessMethodType,
    }
}

impl AccessMethod {
    /// Returns the address of the object.
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::global(ObjectKind::AccessMethod, &self.name)
    }
}

impl Structure for AccessMethod {}
