//! Extensions as DDL. The server chooses the version, as with pg_dump.

use crate::ddl::context::Context;
use crate::ddl::render::{Render, Script};
use crate::ident::ident;
use crate::model::Extension;

impl Render for Extension {
    fn target(&self) -> String {
        format!("EXTENSION {}", ident(&self.name))
    }

    fn create(&self, _cx: &Context<'_>, out: &mut Script) {
        // A new database may have it from its template.
        let (name, schema) = (ident(&self.name), ident(&self.schema));
        out.statement(format_args!("CREATE EXTENSION IF NOT EXISTS {name} WITH SCHEMA {schema}"));
    }
}
