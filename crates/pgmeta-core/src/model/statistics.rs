//! Extended statistics.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, Section, Structure};

choice! {
    /// A kind of extended statistics.
    pub enum StatisticsKind {
        /// Numbers of distinct values.
        NDistinct b'd' "ndistinct",
        /// Functional dependencies.
        Dependencies b'f' "dependencies",
        /// Most common values.
        Mcv b'm' "mcv",
    }
}

object! {
    /// Extended statistics (CREATE STATISTICS ).
    pub struct StatisticsObject {
        /// The schema of the statistics object.
        schema: Name,
        /// The name of the statistics object.
        name: Name,
        /// The table, foreign table or materialized view with the data.
        relation: ObjectKey;
        /// The kinds of statistics. An empty list means all.
        kinds: Vec<StatisticsKind>,
        /// The columns that it covers.
        columns: Vec<Name>,
        /// The expressions that it covers, as SQL.
        expressions: Vec<String>,
        /// The statistics target. Absent: the largest of the columns' targets.
        statistics_target: Option<i32>,
        /// The extension that owns the relation.
        on_member_of: Option<Name>,
    }
}

impl StatisticsObject {
    /// Returns the address of the object.
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

    fn texts(&self) -> Vec<&str> {
        self.expressions.iter().map(String::as_str).collect()
    }

    fn section(&self) -> Section {
        Section::PostData
    }
}
