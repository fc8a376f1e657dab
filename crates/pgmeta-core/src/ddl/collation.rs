//! Collations as DDL.

use crate::ddl::context::Context;
use crate::ddl::render::{Render, Script};
use crate::ident::{literal, qualified};
use crate::model::Collation;

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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ddl::options::Options;
    use crate::ddl::script::print_script;
    use crate::model::{CollationProvider, Model};

    #[test]
    fn collation_prints_each_provider() {
        let named = |name: &str| Collation { schema: "s".into(), name: name.into(), ..Collation::default() };
        let collations = vec![
            Collation { lc_collate: Some("C".into()), lc_ctype: Some("POSIX".into()), ..named("a") },
            Collation {
                provider: CollationProvider::Icu,
                nondeterministic: true,
                locale: Some("und".into()),
                rules: Some("&V << w".into()),
                ..named("b")
            },
            Collation { provider: CollationProvider::Builtin, locale: Some("C.UTF-8".into()), ..named("c") },
        ];
        assert_eq!(
            print_script(&Model { collations, ..Model::default() }, &Options::default()),
            "CREATE COLLATION s.a (provider = libc, lc_collate = 'C', lc_ctype = 'POSIX');\n\
             CREATE COLLATION s.b (provider = icu, deterministic = false, locale = 'und', rules = '&V << w');\n\
             CREATE COLLATION s.c (provider = builtin, locale = 'C.UTF-8');\n"
        );
    }
}
