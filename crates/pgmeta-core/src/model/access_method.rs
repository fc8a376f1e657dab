//! Access methods of tables and indexes.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, Structure};

choice! {
    pub enum AccessMethodType { Index b'i' "INDEX", Table b't' "TABLE" }
}

object! {
    pub struct AccessMethod {
        name: Name,
        /// A function, as SQL.
        handler: Name;
        of: AccessMethodType,
    }
}

impl AccessMethod {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::global(ObjectKind::AccessMethod, &self.name)
    }
}

impl Structure for AccessMethod {}
