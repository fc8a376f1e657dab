//! Collations as DDL.

use crate::ddl::context::Context;
use crate::ddl::render::{Render, Script};
use crate::ident::{literal, qualified};
use crate::model::{Collation, ObjectKey, ObjectKind};

impl Render for Collation {
    fn target(&self) -> String {
        format!("COLLATION {}", qualified(&self.schema, &self.name))
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        let mut options = format!("provider = {}", self.provider.word());
        if self.nondeterministic {
            options += ", deterministic = false";
        }
        let texts = [
            ("locale", &self.locale),
            ("lc_collate", &self.lc_collate),
            ("lc_ctype", &self.lc_ctype),
            ("rules", &self.rules),
        ];
        for (word, text) in texts {
            if let Some(text) = text {
                options += &format!(", {word} = {}", literal(text));
            }
        }
        let name = qualified(&self.schema, &self.name);
        out.statement(format_args!("CREATE COLLATION {}{name} ({options})", cx.if_not_exists()));
    }

    fn requires(&self) -> Vec<ObjectKey> {
        vec![ObjectKey::global(ObjectKind::Schema, &self.schema)]
    }
}
