//! Statisticss.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind};

object! {
    pub struct StatisticsObject {
        schema: Name,
        name: Name;
    }
}

impl StatisticsObject {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::in_schema(ObjectKind::StatisticsObject, &self.schema, &self.name)
    }
}
