//! Publications as DDL.

use crate::ddl::context::Context;
use crate::ddl::render::{Render, Script};
use crate::model::Publication;

impl Render for Publication {
    fn target(&self) -> String {
        String::new()
    }

    fn create(&self, _cx: &Context<'_>, _out: &mut Script) {}
}
