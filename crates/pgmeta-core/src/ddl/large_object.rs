//! Large objects as DDL, without their contents.

use crate::ddl::context::Context;
use crate::ddl::render::{Render, Script};
use crate::model::{LargeObject, Part};

impl Render for LargeObject {
    fn target(&self) -> String {
        format!("LARGE OBJECT {}", self.oid)
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        let oid = self.oid;
        let mut sql = format!("SELECT pg_catalog.lo_create({oid})");
        if cx.options.if_not_exists {
            sql += &format!(" WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_largeobject_metadata WHERE oid = {oid})");
        }
        out.statement(sql);
    }

    fn drop_statement(&self, part: Part, _cx: &Context<'_>) -> Option<String> {
        let oid = self.oid;
        (part == Part::Main).then(|| {
            format!("SELECT pg_catalog.lo_unlink(oid) FROM pg_catalog.pg_largeobject_metadata WHERE oid = {oid}")
        })
    }
}
