//! Text search parsers, templates, dictionaries and configurations as DDL.

use crate::ddl::context::Context;
use crate::ddl::render::{Render, Script};
use crate::ddl::types::list;
use crate::ident::{ident, qualified};
use crate::model::{
    QualifiedName, TextSearchConfiguration, TextSearchDictionary, TextSearchParser, TextSearchTemplate,
};

/// Error conditions for a text search object or mapping that exists: the server does not look for the name first.
const EXISTS: &[&str] = &["unique_violation"];

impl Render for TextSearchParser {
    fn target(&self) -> String {
        format!("TEXT SEARCH PARSER {}", qualified(&self.schema, &self.name))
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        let mut options = vec![
            format!("START = {}", self.start),
            format!("GETTOKEN = {}", self.get_token),
            format!("END = {}", self.end),
            format!("LEXTYPES = {}", self.lex_types),
        ];
        options.extend(self.headline.as_ref().map(|function| format!("HEADLINE = {function}")));
        out.create_unless(cx, EXISTS, format_args!("CREATE {} {}", self.target(), list(options)));
    }
}

impl Render for TextSearchTemplate {
    fn target(&self) -> String {
        format!("TEXT SEARCH TEMPLATE {}", qualified(&self.schema, &self.name))
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        let init = self.init.as_ref().map(|function| format!("INIT = {function}"));
        let lexize = format!("LEXIZE = {}", self.lexize);
        let options = init.into_iter().chain([lexize]).collect();
        out.create_unless(cx, EXISTS, format_args!("CREATE {} {}", self.target(), list(options)));
    }
}

impl Render for TextSearchDictionary {
    fn target(&self) -> String {
        format!("TEXT SEARCH DICTIONARY {}", qualified(&self.schema, &self.name))
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        let mut options = vec![format!("TEMPLATE = {}", self.template.sql())];
        options.extend(self.options.clone());
        out.create_unless(cx, EXISTS, format_args!("CREATE {} {}", self.target(), list(options)));
    }
}

impl Render for TextSearchConfiguration {
    fn target(&self) -> String {
        format!("TEXT SEARCH CONFIGURATION {}", qualified(&self.schema, &self.name))
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        let target = self.target();
        out.create_unless(cx, EXISTS, format_args!("CREATE {target} (PARSER = {})", self.parser.sql()));
        for mapping in &self.mappings {
            let dictionaries: Vec<String> = mapping.dictionaries.iter().map(QualifiedName::sql).collect();
            let (token, dictionaries) = (ident(&mapping.token), dictionaries.join(", "));
            out.create_unless(
                cx,
                &["unique_violation"],
                format_args!("ALTER {target} ADD MAPPING FOR {token} WITH {dictionaries}"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ddl::options::Options;
    use crate::ddl::script::print_script;
    use crate::model::{Model, TextSearchMapping};

    #[test]
    fn dictionaries_keep_their_order() {
        let name = |name: &str| QualifiedName { schema: "s".into(), name: name.into() };
        let dictionary = TextSearchDictionary {
            schema: "s".into(),
            name: "d".into(),
            template: name("t"),
            options: Some("a = 'b', c = '1'".into()),
            ..TextSearchDictionary::default()
        };
        let configuration = TextSearchConfiguration {
            schema: "s".into(),
            name: "c".into(),
            parser: name("default"),
            mappings: vec![TextSearchMapping { token: "float".into(), dictionaries: vec![name("z"), name("a")] }],
            ..TextSearchConfiguration::default()
        };
        let model = Model {
            text_search_dictionaries: vec![dictionary],
            text_search_configurations: vec![configuration],
            ..Model::default()
        };
        assert_eq!(
            print_script(&model, &Options::default()),
            "CREATE TEXT SEARCH DICTIONARY s.d (\n    TEMPLATE = s.t,\n    a = 'b', c = '1'\n);\n\
             CREATE TEXT SEARCH CONFIGURATION s.c (PARSER = s.\"default\");\n\
             ALTER TEXT SEARCH CONFIGURATION s.c ADD MAPPING FOR \"float\" WITH s.z, s.a;\n"
        );
    }
}
