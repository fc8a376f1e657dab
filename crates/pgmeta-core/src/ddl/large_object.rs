//! Large objects as DDL.

use crate::ddl::context::Context;
use crate::ddl::render::{Render, Script};
use crate::model::LargeObject;

impl Render for LargeObject {
    fn target(&self) -> String {
        String::new()
    }

    fn create(&self, _cx: &Context<'_>, _out: &mut Script) {}
}
