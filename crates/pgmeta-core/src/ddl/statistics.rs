//! Extended statistics as DDL.

use crate::ddl::context::Context;
use crate::ddl::render::{Render, Script};
use crate::ident::{ident, qualified};
use crate::model::StatisticsObject;

impl Render for StatisticsObject {
    fn target(&self) -> String {
        format!("STATISTICS {}", qualified(&self.schema, &self.name))
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        // The extension may have created them on its table.
        let if_not_exists = if self.on_member_of.is_some() { "IF NOT EXISTS " } else { cx.if_not_exists() };
        let mut sql = format!("CREATE STATISTICS {if_not_exists}{}", qualified(&self.schema, &self.name));
        let expressions = self.expressions.iter().map(|expression| format!("({expression})"));
        let items: Vec<String> = self.columns.iter().map(|column| ident(column)).chain(expressions).collect();
        // Statistics on a single expression have no kinds.
        if !self.kinds.is_empty() && items.len() > 1 {
            let kinds: Vec<&str> = self.kinds.iter().map(|kind| kind.word()).collect();
            sql += &format!(" ({})", kinds.join(", "));
        }
        out.statement(format_args!("{sql} ON {} FROM {}", items.join(", "), self.relation.identity()));
        if let Some(target) = self.statistics_target {
            out.statement(format_args!("ALTER {} SET STATISTICS {target}", self.target()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ddl::options::Options;
    use crate::ddl::script::print_script;
    use crate::model::{Model, StatisticsKind};
    use crate::model::{ObjectKey, ObjectKind};

    #[test]
    fn statistics_kinds_are_omitted_for_one_expression() {
        let statistics = |name: &str| StatisticsObject {
            schema: "s".into(),
            name: name.into(),
            relation: ObjectKey::in_schema(ObjectKind::MaterializedView, &"s".into(), &"V".into()),
            kinds: vec![StatisticsKind::Mcv],
            expressions: vec!["(a + 1)".into()],
            ..StatisticsObject::default()
        };
        let single = statistics("a");
        let several = StatisticsObject {
            columns: vec!["b".into()],
            statistics_target: Some(0),
            on_member_of: Some("e".into()),
            ..statistics("b")
        };
        let model = Model { statistics_objects: vec![single, several], ..Model::default() };
        assert_eq!(
            print_script(&model, &Options::default()),
            "CREATE STATISTICS s.a ON ((a + 1)) FROM s.\"V\";\n\
             CREATE STATISTICS IF NOT EXISTS s.b (mcv) ON b, ((a + 1)) FROM s.\"V\";\n\
             ALTER STATISTICS s.b SET STATISTICS 0;\n"
        );
    }
}
