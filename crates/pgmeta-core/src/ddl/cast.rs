//! Casts as DDL.

use crate::ddl::context::Context;
use crate::ddl::render::{Render, Script};
use crate::model::{Cast, CastContext, CastMethod};

impl Render for Cast {
    fn target(&self) -> String {
        format!("CAST ({} AS {})", self.source, self.target_type)
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        let how = match (self.method, &self.function) {
            (CastMethod::Function, Some(function)) => format!("WITH FUNCTION {function}"),
            (CastMethod::InOut, _) => "WITH INOUT".to_owned(),
            (CastMethod::Binary | CastMethod::Function, _) => "WITHOUT FUNCTION".to_owned(),
        };
        let context = match self.context {
            CastContext::Explicit => "",
            CastContext::Assignment => " AS ASSIGNMENT",
            CastContext::Implicit => " AS IMPLICIT",
        };
        out.create(cx, format_args!("CREATE {} {how}{context}", self.target()));
    }
}
