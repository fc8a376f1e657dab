//! Rows of conversions.

use crate::catalog_rows::Ingest;
use crate::catalog_rows::builder::{Address, Builder};
use crate::catalog_rows::class;
use crate::cells::RowError;
use crate::ident::Name;
use crate::model::Conversion;

row! {
    pub struct ConversionRow = "conversions" of CONVERSION {
        oid: u32, schema: u32, name: Name, owner: u32, source: Name, destination: Name, function: Name, is_default: bool,
    }
}

impl Ingest for ConversionRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        if builder.is_member(class::CONVERSION, self.oid) {
            return Ok(());
        }
        let mut conversion = Conversion {
            schema: builder.names.schema(self.schema)?,
            name: self.name,
            source: self.source,
            destination: self.destination,
            function: self.function,
            default: self.is_default,
            ..Conversion::default()
        };
        builder.describe(&mut conversion, Address::of(class::CONVERSION, self.oid), Some(self.owner), None)?;
        builder.model.conversions.push(conversion);
        Ok(())
    }
}
