//! Access methods of tables and indexes.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, Structure};

choice! {
    /// Objects that an access method handles.
    pub enum AccessMethodType {
        /// Indexes.
        Index b'i' "INDEX",
        /// Tables.
        Table b't' "TABLE",
    }
}

object! {
    /// An access method (CREATE ACCESS METHOD ).
    pub struct AccessMethod {
        /// The name of the access method.
        name: Name,
        /// The handler function, as SQL.
        handler: Name;
        /// Whether it is for indexes or tables. The default is INDEX.
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
