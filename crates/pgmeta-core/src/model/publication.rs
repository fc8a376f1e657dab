//! Publications with their tables.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, Section, Structure};

choice! {
    pub enum PublishGeneratedColumns { Omitted b'n' "none", Stored b's' "stored" }
}

part! {
    pub struct PublishedTable {
        schema: Name,
        name: Name;
        /// Absent: all.
        columns: Option<Vec<Name>>,
        /// The rows that are published, as SQL; absent: all.
        row_filter: Option<String>,
    }
}

object! {
    pub struct Publication {
        name: Name;
        all_tables: bool,
        /// By name.
        tables: Vec<PublishedTable>,
        /// Schemas all of whose tables are published.
        schemas: Vec<Name>,
        /// Of insert, update, delete, truncate; absent: all four.
        publish: Option<Vec<Name>>,
        publish_via_partition_root: bool,
        publish_generated_columns: PublishGeneratedColumns,
    }
}

impl Publication {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::global(ObjectKind::Publication, &self.name)
    }
}

impl Structure for Publication {
    fn requires(&self) -> Vec<ObjectKey> {
        let tables = self.tables.iter();
        let tables = tables.map(|table| ObjectKey::in_schema(ObjectKind::Table, &table.schema, &table.name));
        tables.chain(self.schemas.iter().map(|schema| ObjectKey::global(ObjectKind::Schema, schema))).collect()
    }

    fn section(&self) -> Section {
        Section::PostData
    }
}
