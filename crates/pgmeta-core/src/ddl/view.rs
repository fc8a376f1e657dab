//! Views and materialized views as DDL.

use crate::ddl::column::storage_statements;
use crate::ddl::context::Context;
use crate::ddl::render::{Render, Script, drop_if_exists, unless_missing};
use crate::ddl::settings::storage_parameters;
use crate::ddl::shared;
use crate::ident::{ident, qualified};
use crate::model::{MaterializedView, Object, Part, View};

fn is_split(view: &View, cx: &Context<'_>) -> bool {
    cx.plan.with_placeholder.contains(&view.key())
}

/// Returns CREATE VIEW. `replace` is the text before VIEW.
pub(crate) fn statement(view: &View, replace: &str) -> String {
    let name = qualified(&view.schema, &view.name);
    let mut check = "";
    let mut options = view.options.clone();
    options.retain(|option| {
        if &*option.name == "check_option" {
            check =
                if option.value == "local" { "\n  WITH LOCAL CHECK OPTION" } else { "\n  WITH CASCADED CHECK OPTION" };
        }
        &*option.name != "check_option"
    });
    let options = storage_parameters(&options, &[]);
    // Column names from ALTER VIEW need no list: the text of the query contains them.
    format!("CREATE {replace}VIEW {name}{options} AS\n{}{check}", view.definition)
}

/// Returns a view with the same columns and no rows, for objects that only need its row type.
fn placeholder(view: &View) -> String {
    let column = |column: &crate::model::Column| {
        let collation = column.collation.as_ref().map_or(String::new(), |name| format!(" COLLATE {name}"));
        format!("    NULL::{}{collation} AS {}", column.data_type, ident(&column.name))
    };
    let columns: Vec<String> = view.columns.iter().map(|own| column(own)).collect();
    format!("CREATE OR REPLACE VIEW {} AS\nSELECT\n{}", qualified(&view.schema, &view.name), columns.join(",\n"))
}

impl Render for View {
    fn target(&self) -> String {
        format!("VIEW {}", qualified(&self.schema, &self.name))
    }

    fn grant_target(&self) -> String {
        format!("TABLE {}", qualified(&self.schema, &self.name))
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        let replace = if cx.options.if_not_exists || is_split(self, cx) { "OR REPLACE " } else { "" };
        out.statement(statement(self, replace));
    }

    fn finish(&self, cx: &Context<'_>, out: &mut Script) {
        let name = qualified(&self.schema, &self.name);
        for column in &self.columns {
            if let Some(default) = &column.default {
                out.statement(format_args!(
                    "ALTER VIEW {name} ALTER COLUMN {} SET DEFAULT {default}",
                    ident(&column.name)
                ));
            }
        }
        shared::columns(
            cx,
            &name,
            &self.grant_target(),
            self.owner.as_ref(),
            self.columns.iter().map(|column| &**column),
            out,
        );
    }

    fn part(&self, _part: Part, _cx: &Context<'_>, out: &mut Script) {
        out.statement(placeholder(self));
    }

    fn drop_statement(&self, part: Part, cx: &Context<'_>) -> Option<String> {
        match part {
            // The placeholder has no dependencies: it lets the objects that the view uses be dropped first.
            Part::Main if is_split(self, cx) => Some(unless_missing(&placeholder(self))),
            _ => Some(drop_if_exists(&self.target())),
        }
    }
}

impl Render for MaterializedView {
    fn target(&self) -> String {
        format!("MATERIALIZED VIEW {}", qualified(&self.schema, &self.name))
    }

    fn grant_target(&self) -> String {
        format!("TABLE {}", qualified(&self.schema, &self.name))
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        let name = qualified(&self.schema, &self.name);
        let method = self.access_method.as_ref().map_or(String::new(), |method| format!(" USING {}", ident(method)));
        let options = storage_parameters(&self.options, &self.toast_options);
        let tablespace = cx.tablespace(self.tablespace.as_ref());
        let if_not_exists = cx.if_not_exists();
        out.statement(format_args!(
            "CREATE MATERIALIZED VIEW {if_not_exists}{name}{method}{options}{tablespace} AS\n{}\n  WITH NO DATA",
            self.definition
        ));
    }

    fn finish(&self, cx: &Context<'_>, out: &mut Script) {
        let name = qualified(&self.schema, &self.name);
        storage_statements(
            &format!("ALTER MATERIALIZED VIEW {name}"),
            self.columns.iter().map(|column| &**column),
            out,
        );
        shared::columns(
            cx,
            &name,
            &self.grant_target(),
            self.owner.as_ref(),
            self.columns.iter().map(|column| &**column),
            out,
        );
    }

    fn part(&self, _part: Part, cx: &Context<'_>, out: &mut Script) {
        if cx.options.refresh {
            out.statement(format_args!("REFRESH {}", self.target()));
        }
    }
}
