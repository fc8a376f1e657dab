//! Rows of casts.

use crate::catalog_rows::Ingest;
use crate::catalog_rows::builder::{Address, Builder};
use crate::catalog_rows::class;
use crate::cells::RowError;
use crate::ident::Name;
use crate::model::{Cast, CastContext, CastMethod};

row! {
    pub struct CastRow = "casts" of CAST {
        oid: u32, source: Name, target_type: Name, method: u8, context: u8, function: Option<Name>,
    }
}

impl Ingest for CastRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        if builder.is_member(class::CAST, self.oid) {
            return Ok(());
        }
        let mut cast = Cast {
            source: self.source,
            target_type: self.target_type,
            method: CastMethod::from_code(self.method)?,
            function: self.function,
            context: CastContext::from_code(self.context)?,
            ..Cast::default()
        };
        builder.describe(&mut cast, Address::of(class::CAST, self.oid), None, None)?;
        builder.model.casts.push(cast);
        Ok(())
    }
}
