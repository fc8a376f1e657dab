//! Rows of extensions.

use crate::catalog_rows::Ingest;
use crate::catalog_rows::builder::{Address, Builder};
use crate::catalog_rows::class;
use crate::cells::RowError;
use crate::ident::Name;
use crate::model::Extension;

row! { pub struct ExtensionRow = "extensions" of EXTENSION { oid: u32, name: Name, schema: u32, version: String, not_relocatable: bool } }

impl Ingest for ExtensionRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        let mut extension = Extension {
            name: self.name,
            schema: builder.names.schema(self.schema)?,
            version: self.version,
            not_relocatable: self.not_relocatable,
            ..Extension::default()
        };
        builder.describe(&mut extension, Address::of(class::EXTENSION, self.oid), None, None)?;
        builder.model.extensions.push(extension);
        Ok(())
    }
}
