//! Procedural languages as DDL.

use crate::ddl::context::Context;
use crate::ddl::render::{Render, Script};
use crate::ident::ident;
use crate::model::Language;

impl Render for Language {
    fn target(&self) -> String {
        format!("LANGUAGE {}", ident(&self.name))
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        let replace = if cx.options.if_not_exists { "OR REPLACE " } else { "" };
        let trusted = if self.trusted { "TRUSTED " } else { "" };
        let mut sql = format!("CREATE {replace}{trusted}{} HANDLER {}", self.target(), self.handler);
        if let Some(function) = &self.inline {
            sql += &format!(" INLINE {function}");
        }
        if let Some(function) = &self.validator {
            sql += &format!(" VALIDATOR {function}");
        }
        out.statement(sql);
    }
}
