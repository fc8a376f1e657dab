//! Rows of publications and their tables.

use crate::catalog_rows::Ingest;
use crate::catalog_rows::builder::{Address, Builder};
use crate::catalog_rows::class;
use crate::cells::RowError;
use crate::ident::Name;
use crate::model::{Publication, PublishGeneratedColumns, PublishedTable};

row! {
    pub struct PublicationRow = "publications" of PUBLICATION {
        oid: u32, name: Name, owner: u32, all_tables: bool, inserts: bool, updates: bool, deletes: bool, truncates: bool,
        via_root: bool, generated_columns: u8, schemas: Option<Vec<u32>>,
    }
}
row! {
    pub struct PublicationTableRow = "publication_tables" of PUBLICATION {
        publication: u32, relation: u32, columns: Option<Vec<Name>>, row_filter: Option<String>,
    }
}

impl Ingest for PublicationRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        if builder.is_member(class::PUBLICATION, self.oid) {
            return Ok(());
        }
        let operations = [
            ("insert", self.inserts),
            ("update", self.updates),
            ("delete", self.deletes),
            ("truncate", self.truncates),
        ];
        let published: Vec<Name> = operations.iter().filter(|(_, on)| *on).map(|(word, _)| Name::from(*word)).collect();
        let schemas = self.schemas.unwrap_or_default().into_iter().map(|oid| builder.names.schema(oid));
        let mut schemas = schemas.collect::<Result<Vec<Name>, RowError>>()?;
        schemas.sort();
        let mut publication = Publication {
            name: self.name,
            all_tables: self.all_tables,
            schemas,
            publish: (published.len() < operations.len()).then_some(published),
            publish_via_partition_root: self.via_root,
            publish_generated_columns: PublishGeneratedColumns::from_code(self.generated_columns)?,
            ..Publication::default()
        };
        builder.describe(&mut publication, Address::of(class::PUBLICATION, self.oid), Some(self.owner), None)?;
        builder.publication_at.insert(self.oid, builder.model.publications.len());
        builder.model.publications.push(publication);
        Ok(())
    }
}

impl Ingest for PublicationTableRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        let Some(&at) = builder.publication_at.get(&self.publication) else {
            return Ok(());
        };
        let relation = builder.names.relation(self.relation)?;
        let table = PublishedTable {
            schema: relation.schema.clone(),
            name: relation.name.clone(),
            columns: self.columns,
            row_filter: self.row_filter,
        };
        let tables = &mut builder.model.publications[at].tables;
        let position = tables.partition_point(|other| (&other.schema, &other.name) < (&table.schema, &table.name));
        tables.insert(position, table);
        Ok(())
    }
}
