//! Transforms as DDL.

use crate::ddl::context::Context;
use crate::ddl::render::{Render, Script};
use crate::ident::ident;
use crate::model::{Part, Transform};

impl Render for Transform {
    fn target(&self) -> String {
        format!("TRANSFORM {}", transform_target(self))
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        let replace = if cx.options.if_not_exists { "OR REPLACE " } else { "" };
        let ways = [("FROM SQL", &self.from_sql), ("TO SQL", &self.to_sql)];
        let ways =
            ways.iter().filter_map(|(way, function)| Some(format!("{way} WITH FUNCTION {}", function.as_ref()?)));
        let ways: Vec<String> = ways.collect();
        out.statement(format_args!("CREATE {replace}TRANSFORM {} ({})", transform_target(self), ways.join(", ")));
    }

    fn drop_statement(&self, part: Part, _cx: &Context<'_>) -> Option<String> {
        (part == Part::Main).then(|| format!("DROP TRANSFORM IF EXISTS {}", transform_target(self)))
    }
}

fn transform_target(transform: &Transform) -> String {
    format!("FOR {} LANGUAGE {}", transform.data_type, ident(&transform.language))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ddl::options::Options;
    use crate::ddl::script::{export, print_script};
    use crate::model::Model;

    #[test]
    fn transform_prints_create_and_drop() {
        let transform = Transform {
            data_type: "date".into(),
            language: "L".into(),
            from_sql: Some("s.f(internal)".into()),
            to_sql: Some("s.t(internal)".into()),
            ..Transform::default()
        };
        let one_way = Transform { language: "m".into(), from_sql: None, ..transform.clone() };
        let options = Options { drop: true, ..Options::default() };
        let model = Model { transforms: vec![transform, one_way], ..Model::default() };
        let script = export(&model, &options, || Ok::<(), ()>(()), &crate::parallel::Sequential).unwrap_or_default();
        assert!(script.contains("DROP TRANSFORM IF EXISTS FOR date LANGUAGE \"L\";\n"), "{script}");
        assert_eq!(
            print_script(&model, &options),
            "CREATE TRANSFORM FOR date LANGUAGE \"L\" (FROM SQL WITH FUNCTION s.f(internal), TO SQL WITH FUNCTION s.t(internal));\n\
             CREATE TRANSFORM FOR date LANGUAGE m (TO SQL WITH FUNCTION s.t(internal));\n"
        );
    }
}
