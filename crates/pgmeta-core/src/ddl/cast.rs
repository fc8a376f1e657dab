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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ddl::options::Options;
    use crate::ddl::script::print_script;
    use crate::model::{Model, Object};

    #[test]
    fn cast_prints_methods_and_contexts() {
        let cast = |target: &str, method, function: Option<&str>, context| Cast {
            source: "s.t".into(),
            target_type: target.into(),
            method,
            function: function.map(Into::into),
            context,
            ..Cast::default()
        };
        let casts = vec![
            cast("date", CastMethod::Function, Some("s.f(s.t,integer)"), CastContext::Explicit),
            cast("integer", CastMethod::Binary, None, CastContext::Implicit),
            cast("text", CastMethod::InOut, None, CastContext::Assignment),
        ];
        assert_eq!(casts[0].key().identity(), "(s.t AS pg_catalog.date)");
        assert_eq!(
            print_script(&Model { casts, ..Model::default() }, &Options::default()),
            "CREATE CAST (s.t AS date) WITH FUNCTION s.f(s.t,integer);\n\
             CREATE CAST (s.t AS integer) WITHOUT FUNCTION AS IMPLICIT;\n\
             CREATE CAST (s.t AS text) WITH INOUT AS ASSIGNMENT;\n"
        );
    }
}
