//! Rows of publications.

use crate::rows::builder::Builder;
use crate::rows::{AddTo, RowError};

row! { pub struct PublicationRow = "publications" { oid: u32 } }

row! { pub struct PublicationTableRow = "publication_tables" { oid: u32 } }

impl AddTo for PublicationRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}

impl AddTo for PublicationTableRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}
