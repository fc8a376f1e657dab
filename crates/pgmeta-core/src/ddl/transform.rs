//! Transforms as DDL.

use crate::ddl::context::Context;
use crate::ddl::render::{Part, Render, Script};
use crate::ident::ident;
use crate::model::{ObjectKey, ObjectKind, Transform};

impl Render for Transform {
    fn target(&self) -> String {
        format!("TRANSFORM {}", self.of())
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        let replace = if cx.options.if_not_exists { "OR REPLACE " } else { "" };
        let ways = [("FROM SQL", &self.from_sql), ("TO SQL", &self.to_sql)];
        let ways =
            ways.iter().filter_map(|(way, function)| Some(format!("{way} WITH FUNCTION {}", function.as_ref()?)));
        let ways: Vec<String> = ways.collect();
        out.statement(format_args!("CREATE {replace}TRANSFORM {} ({})", self.of(), ways.join(", ")));
    }

    fn requires(&self) -> Vec<ObjectKey> {
        vec![ObjectKey::global(ObjectKind::Language, &self.language)]
    }

    fn undo(&self, part: Part, _cx: &Context<'_>) -> Option<String> {
        (part == Part::Main).then(|| format!("DROP TRANSFORM IF EXISTS {}", self.of()))
    }
}

impl Transform {
    fn of(&self) -> String {
        format!("FOR {} LANGUAGE {}", self.data_type, ident(&self.language))
    }
}
