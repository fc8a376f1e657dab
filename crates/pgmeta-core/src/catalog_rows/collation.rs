//! Rows of collations.

use crate::catalog_rows::Ingest;
use crate::catalog_rows::builder::{Address, Builder};
use crate::catalog_rows::class;
use crate::cells::RowError;
use crate::ident::Name;
use crate::model::{Collation, CollationProvider};

row! {
    pub struct CollationRow = "collations" of COLLATION {
        oid: u32, schema: u32, name: Name, owner: u32, provider: u8, nondeterministic: bool, locale: Option<String>,
        lc_collate: Option<String>, lc_ctype: Option<String>, rules: Option<String>,
    }
}

impl Ingest for CollationRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        if builder.is_member(class::COLLATION, self.oid) {
            return Ok(());
        }
        let provider = CollationProvider::from_code(self.provider)?;
        let mut collation = Collation {
            schema: builder.names.schema(self.schema)?,
            name: self.name,
            provider,
            nondeterministic: self.nondeterministic,
            locale: self.locale,
            rules: self.rules,
            ..Collation::default()
        };
        if provider != CollationProvider::Libc {
            // Before 15, the locale of every provider is in the columns of libc.
            collation.locale = collation.locale.or(self.lc_collate.filter(|locale| !locale.is_empty()));
        } else if self.lc_collate == self.lc_ctype {
            collation.locale = self.lc_collate;
        } else {
            (collation.lc_collate, collation.lc_ctype) = (self.lc_collate, self.lc_ctype);
        }
        builder.describe(&mut collation, Address::of(class::COLLATION, self.oid), Some(self.owner), None)?;
        builder.model.collations.push(collation);
        Ok(())
    }
}
