//! Transforms as DDL.

use crate::ddl::context::Context;
use crate::ddl::render::{Render, Script};
use crate::model::Transform;

impl Render for Transform {
    fn target(&self) -> String {
        String::new()
    }

    fn create(&self, _cx: &Context<'_>, _out: &mut Script) {}
}
