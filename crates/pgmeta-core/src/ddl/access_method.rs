//! Access methods as DDL.

use crate::ddl::context::Context;
use crate::ddl::render::{Render, Script};
use crate::ident::ident;
use crate::model::AccessMethod;

impl Render for AccessMethod {
    fn target(&self) -> String {
        format!("ACCESS METHOD {}", ident(&self.name))
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        out.create(cx, format_args!("CREATE {} TYPE {} HANDLER {}", self.target(), self.of.word(), self.handler));
    }
}
