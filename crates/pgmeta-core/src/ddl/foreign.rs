//! Foreign-data wrappers, servers and user mappings as DDL.

use crate::ddl::context::Context;
use crate::ddl::render::{Render, Script};
use crate::ident::{ident, literal};
use crate::model::{ForeignDataWrapper, Part, Server, Setting, UserMapping};

impl Render for ForeignDataWrapper {
    fn target(&self) -> String {
        format!("FOREIGN DATA WRAPPER {}", ident(&self.name))
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        let mut sql = format!("CREATE {}", self.target());
        if let Some(function) = &self.handler {
            sql += &format!(" HANDLER {function}");
        }
        if let Some(function) = &self.validator {
            sql += &format!(" VALIDATOR {function}");
        }
        out.create(cx, sql + &options(&self.options));
    }
}

impl Render for Server {
    fn target(&self) -> String {
        format!("SERVER {}", ident(&self.name))
    }

    fn grant_target(&self) -> String {
        format!("FOREIGN SERVER {}", ident(&self.name))
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        let mut sql = format!("CREATE SERVER {}{}", cx.if_not_exists(), ident(&self.name));
        if let Some(text) = &self.server_type {
            sql += &format!(" TYPE {}", literal(text));
        }
        if let Some(text) = &self.version {
            sql += &format!(" VERSION {}", literal(text));
        }
        sql += &format!(" FOREIGN DATA WRAPPER {}", ident(&self.foreign_data_wrapper));
        out.statement(sql + &options(&self.options));
    }
}

impl Render for UserMapping {
    fn target(&self) -> String {
        format!("USER MAPPING {}", mapping_target(self))
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        let (of, options) = (mapping_target(self), options(&self.options));
        out.statement(format_args!("CREATE USER MAPPING {}{of}{options}", cx.if_not_exists()));
    }

    fn drop_statement(&self, part: Part, _cx: &Context<'_>) -> Option<String> {
        (part == Part::Main).then(|| format!("DROP USER MAPPING IF EXISTS {}", mapping_target(self)))
    }
}

fn mapping_target(mapping: &UserMapping) -> String {
    let user = if &*mapping.user == "public" { "PUBLIC".to_owned() } else { ident(&mapping.user) };
    format!("FOR {user} SERVER {}", ident(&mapping.server))
}

/// Returns ` OPTIONS (…)`, or nothing.
fn options(settings: &[Setting]) -> String {
    if settings.is_empty() {
        return String::new();
    }
    let options = settings.iter().map(|option| format!("{} {}", ident(&option.name), literal(&option.value)));
    format!(" OPTIONS ({})", options.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ddl::options::Options;
    use crate::ddl::script::print_script;
    use crate::model::Model;

    #[test]
    fn servers_and_user_mappings_are_printed() {
        let setting = |name: &str, value: &str| Setting { name: name.into(), value: value.into() };
        let server = Server {
            name: "S".into(),
            foreign_data_wrapper: "w".into(),
            version: Some("1".into()),
            options: vec![setting("Odd name", "it's")],
            ..Server::default()
        };
        let mut mapping = UserMapping {
            user: "public".into(),
            server: "S".into(),
            options: vec![setting("password", "p"), setting("user", "u")],
            ..UserMapping::default()
        };
        mapping.mask_secrets();
        let hidden =
            UserMapping { user: "r".into(), server: "S".into(), options_hidden: true, ..UserMapping::default() };
        let model = Model { servers: vec![server], user_mappings: vec![mapping, hidden], ..Model::default() };
        assert_eq!(
            print_script(&model, &Options::default()),
            "CREATE SERVER \"S\" VERSION '1' FOREIGN DATA WRAPPER w OPTIONS (\"Odd name\" 'it''s');\n\
             CREATE USER MAPPING FOR PUBLIC SERVER \"S\" OPTIONS (password '********', \"user\" 'u');\n\
             CREATE USER MAPPING FOR r SERVER \"S\";\n"
        );
    }
}
