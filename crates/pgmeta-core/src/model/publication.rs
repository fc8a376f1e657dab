//! Publications with their tables.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, Section, Structure};

choice! {
    /// Which generated columns are published.
    pub enum PublishGeneratedColumns {
        /// None.
        Omitted b'n' "none",
        /// Stored generated columns.
        Stored b's' "stored",
    }
}

part! {
    /// A table of a publication.
    pub struct PublishedTable {
        /// The schema of the table.
        schema: Name,
        /// The name of the table.
        name: Name;
        /// The columns that are published. Absent: all.
        columns: Option<Vec<Name>>,
        /// The condition on rows that are published, as SQL. Absent: all rows.
        row_filter: Option<String>,
    }
}

object! {
    /// A publication (CREATE PUBLICATION ).
    pub struct Publication {
        /// The name of the publication.
        name: Name;
        /// Whether it publishes all tables (FOR ALL TABLES).
        all_tables: bool,
        /// The listed tables, by name.
        tables: Vec<PublishedTable>,
        /// The schemas all of whose tables are published.
        schemas: Vec<Name>,
        /// The published operations, of insert, update, delete and truncate. Absent: all four.
        publish: Option<Vec<Name>>,
        /// Whether changes of partitions are published as those of the partitioned table.
        publish_via_partition_root: bool,
        /// Which generated columns are published. The default is none.
        publish_generated_columns: PublishGeneratedColumns,
    }
}

impl Publication {
    /// Returns the address of the object.
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
