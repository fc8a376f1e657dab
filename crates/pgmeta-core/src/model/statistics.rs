//! Extended statistics.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, Section, Structure};

choice! {
    pub enum StatisticsKind { NDistinct b'd' "ndistinct", Dependencies b'f' "dependencies", Mcv b'm' "mcv" }
}

object! {
    pub struct StatisticsObject {
        schema: Name,
        name: Name,
        /// A table, foreign table or materialized view.
        relation: ObjectKey;
        /// Empty: all.
        kinds: Vec<StatisticsKind>,
        columns: Vec<Name>,
        /// As SQL.
        expressions: Vec<String>,
        statistics_target: Option<i32>,
        /// The extension that owns the relation.
        on_member_of: Option<Name>,
    }
}

impl StatisticsObject {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::in_schema(ObjectKind::StatisticsObject, &self.schema, &self.name)
    }
}

impl Structure for StatisticsObject {
    fn parent(&self) -> Option<ObjectKey> {
        Some(self.relation.clone())
    }

    fn requires(&self) -> Vec<ObjectKey> {
        let extension = self.on_member_of.as_ref().map(|name| ObjectKey::global(ObjectKind::Extension, name));
        [ObjectKey::global(ObjectKind::Schema, &self.schema), self.relation.clone()]
            .into_iter()
            .chain(extension)
            .collect()
    }

    fn section(&self) -> Section {
        Section::PostData
    }
}
