//! Views as DDL.

use crate::ddl::context::Context;
use crate::ddl::render::{Render, Script};
use crate::model::{MaterializedView, View};

impl Render for View {
    fn target(&self) -> String {
        String::new()
    }

    fn create(&self, _cx: &Context<'_>, _out: &mut Script) {}
}

impl Render for MaterializedView {
    fn target(&self) -> String {
        String::new()
    }

    fn create(&self, _cx: &Context<'_>, _out: &mut Script) {}
}
