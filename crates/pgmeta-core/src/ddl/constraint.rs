//! Constraints as DDL.

use crate::ddl::context::Context;
use crate::ddl::render::{Render, Script};
use crate::model::{Constraint};

impl Render for Constraint {
    fn target(&self) -> String {
        String::new()
    }

    fn create(&self, _cx: &Context<'_>, _out: &mut Script) {}
}
