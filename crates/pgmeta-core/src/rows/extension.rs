//! Rows of extensions.

use crate::cells::RowError;
use crate::ident::Name;
use crate::model::Extension;
use crate::rows::AddTo;
use crate::rows::builder::{Address, Builder, class};

row! { pub struct ExtensionRow = "extensions" { oid: u32, name: Name, schema: u32, version: String, not_relocatable: bool } }

impl AddTo for ExtensionRow {
    fn add_to(self, builder: &mut Builder) -> Result<(), RowError> {
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
