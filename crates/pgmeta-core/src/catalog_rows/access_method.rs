//! Rows of access methods.

use crate::catalog_rows::Ingest;
use crate::catalog_rows::builder::{Address, Builder};
use crate::catalog_rows::class;
use crate::cells::RowError;
use crate::ident::Name;
use crate::model::{AccessMethod, AccessMethodType};

row! { pub struct AccessMethodRow = "access_methods" of AM { oid: u32, name: Name, of: u8, handler: Name } }

impl Ingest for AccessMethodRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        if builder.is_member(class::AM, self.oid) {
            return Ok(());
        }
        let of = AccessMethodType::from_code(self.of)?;
        let mut method = AccessMethod { name: self.name, handler: self.handler, of, ..AccessMethod::default() };
        builder.describe(&mut method, Address::of(class::AM, self.oid), None, None)?;
        builder.model.access_methods.push(method);
        Ok(())
    }
}
