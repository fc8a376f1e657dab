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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ddl::options::Options;
    use crate::ddl::script::print_script;
    use crate::model::Model;

    #[test]
    fn language_prints_all_functions() {
        let language = Language {
            name: "L".into(),
            handler: "s.h".into(),
            trusted: true,
            inline: Some("s.i".into()),
            validator: Some("s.v".into()),
            ..Language::default()
        };
        let options = Options { if_not_exists: true, ..Options::default() };
        assert_eq!(
            print_script(&Model { languages: vec![language], ..Model::default() }, &options),
            "CREATE OR REPLACE TRUSTED LANGUAGE \"L\" HANDLER s.h INLINE s.i VALIDATOR s.v;\n"
        );
    }
}
