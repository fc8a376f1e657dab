//! Rules.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind};

object! {
    pub struct Rule {
        schema: Name,
        table: Name,
        name: Name;
    }
}

impl Rule {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::on_relation(ObjectKind::Rule, &self.schema, &self.table, &self.name)
    }
}
