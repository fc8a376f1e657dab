//! The rows of pg_depend that order statements. The query selects them.

use crate::catalog_rows::Ingest;
use crate::catalog_rows::builder::Builder;
use crate::cells::RowError;

row! { pub struct DependencyRow = "dependencies" { class: u32, oid: u32, ref_class: u32, ref_oid: u32 } }

impl Ingest for DependencyRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        builder.depend((self.class, self.oid), (self.ref_class, self.ref_oid));
        Ok(())
    }
}
