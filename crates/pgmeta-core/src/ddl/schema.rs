//! Schemas as DDL.

use crate::ddl::context::Context;
use crate::ddl::render::{Initial, Render, Script, drop_if_exists};
use crate::ident::ident;
use crate::model::{Part, Schema};

impl Render for Schema {
    fn target(&self) -> String {
        format!("SCHEMA {}", ident(&self.name))
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        if !self.is_public() {
            out.statement(format_args!("CREATE SCHEMA {}{}", cx.if_not_exists(), ident(&self.name)));
        }
    }

    fn initial(&self, cx: &Context<'_>) -> Initial {
        if !self.is_public() {
            return Initial::default();
        }
        Initial {
            owner: (cx.model.server_version_num >= 150_000).then_some("pg_database_owner"),
            comment: Some("standard public schema"),
        }
    }

    fn drop_statement(&self, part: Part, _cx: &Context<'_>) -> Option<String> {
        (part == Part::Main && !self.is_public()).then(|| drop_if_exists(&self.target()))
    }
}
