//! Rows of casts.

use crate::cells::RowError;
use crate::ident::Name;
use crate::model::{Cast, CastContext, CastMethod};
use crate::rows::AddTo;
use crate::rows::builder::{Address, Builder, class};

row! {
    pub struct CastRow = "casts" {
        oid: u32, source: Name, target_type: Name, method: u8, context: u8, function: Option<Name>,
    }
}

impl AddTo for CastRow {
    fn add_to(self, builder: &mut Builder) -> Result<(), RowError> {
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
