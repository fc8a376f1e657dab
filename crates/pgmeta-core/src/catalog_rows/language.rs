//! Rows of procedural languages.

use crate::catalog_rows::Ingest;
use crate::catalog_rows::builder::{Address, Builder};
use crate::catalog_rows::class;
use crate::cells::{AclItem, RowError};
use crate::ident::Name;
use crate::model::Language;

row! {
    pub struct LanguageRow = "languages" of LANGUAGE {
        oid: u32, name: Name, owner: u32, acl: Option<Vec<AclItem>>, trusted: bool, handler: Name, inline: Option<Name>,
        validator: Option<Name>,
    }
}

impl Ingest for LanguageRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        if builder.is_member(class::LANGUAGE, self.oid) {
            return Ok(());
        }
        let mut language = Language {
            name: self.name,
            handler: self.handler,
            trusted: self.trusted,
            inline: self.inline,
            validator: self.validator,
            ..Language::default()
        };
        // Only superusers can use an untrusted language: GRANT and REVOKE reject it.
        let acl = self.acl.filter(|_| self.trusted);
        builder.describe(&mut language, Address::of(class::LANGUAGE, self.oid), Some(self.owner), acl)?;
        builder.model.languages.push(language);
        Ok(())
    }
}
