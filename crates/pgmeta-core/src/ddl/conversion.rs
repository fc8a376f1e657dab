//! Conversions as DDL.

use crate::ddl::context::Context;
use crate::ddl::render::{Render, Script};
use crate::ident::{literal, qualified};
use crate::model::Conversion;

impl Render for Conversion {
    fn target(&self) -> String {
        format!("CONVERSION {}", qualified(&self.schema, &self.name))
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        out.create(
            cx,
            format_args!(
                "CREATE {}{} FOR {} TO {} FROM {}",
                if self.default { "DEFAULT " } else { "" },
                self.target(),
                literal(&self.source),
                literal(&self.destination),
                self.function
            ),
        );
    }
}
