//! Operator families and classes as DDL.

use crate::ddl::context::Context;
use crate::ddl::render::{Render, Script};
use crate::ident::{ident, qualified};
use crate::model::{FunctionMember, OperatorClass, OperatorFamily, OperatorMember};

impl Render for OperatorFamily {
    fn target(&self) -> String {
        format!("OPERATOR FAMILY {} USING {}", qualified(&self.schema, &self.name), ident(&self.method))
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        let target = self.target();
        out.create(cx, format_args!("CREATE {target}"));
        let members = members(&self.operators, &self.functions);
        if !members.is_empty() {
            out.create(cx, format_args!("ALTER {target} ADD\n    {}", members.join(",\n    ")));
        }
    }
}

impl Render for OperatorClass {
    fn target(&self) -> String {
        format!("OPERATOR CLASS {} USING {}", qualified(&self.schema, &self.name), ident(&self.method))
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        let mut members = members(&self.operators, &self.functions);
        if let Some(data_type) = &self.storage {
            members.insert(0, format!("STORAGE {data_type}"));
        }
        if members.is_empty() {
            // The list must not be empty, and STORAGE with the type itself is the default.
            members.push(format!("STORAGE {}", self.data_type));
        }
        out.create(
            cx,
            format_args!(
                "CREATE OPERATOR CLASS {}\n    {}FOR TYPE {} USING {} FAMILY {} AS\n    {}",
                qualified(&self.schema, &self.name),
                if self.default { "DEFAULT " } else { "" },
                self.data_type,
                ident(&self.method),
                qualified(&self.family.schema, &self.family.name),
                members.join(",\n    ")
            ),
        );
    }
}

/// Returns the members in the form of CREATE OPERATOR CLASS and ALTER OPERATOR FAMILY.
fn members(operators: &[OperatorMember], functions: &[FunctionMember]) -> Vec<String> {
    let operators = operators.iter().map(|member| {
        let mut sql = format!("OPERATOR {} {}", member.strategy, member.operator);
        if let Some(family) = &member.order_by {
            sql += &format!(" FOR ORDER BY {}", qualified(&family.schema, &family.name));
        }
        sql
    });
    let functions = functions
        .iter()
        .map(|member| format!("FUNCTION {} ({}, {}) {}", member.support, member.left, member.right, member.function));
    operators.chain(functions).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ddl::options::Options;
    use crate::ddl::script::print_script;
    use crate::model::{Model, QualifiedName};

    #[test]
    fn families_precede_classes_and_contain_loose_members() {
        let operator = OperatorMember { strategy: 1, operator: "<(text,text)".into(), ..OperatorMember::default() };
        let order_by = Some(QualifiedName { schema: "pg_catalog".into(), name: "float_ops".into() });
        let ordering = OperatorMember { strategy: 15, operator: "s.<->(point,point)".into(), order_by };
        let (left, right) = ("text".into(), "date".into());
        let function = FunctionMember { support: 2, left, right, function: "s.f(internal)".into() };
        let family = OperatorFamily {
            method: "gist".into(),
            schema: "s".into(),
            name: "f".into(),
            operators: vec![operator, ordering.clone()],
            ..OperatorFamily::default()
        };
        let class = OperatorClass {
            method: "gist".into(),
            schema: "s".into(),
            name: "c".into(),
            data_type: "text".into(),
            family: QualifiedName { schema: "s".into(), name: "f".into() },
            default: true,
            storage: Some("box".into()),
            operators: vec![ordering],
            functions: vec![function],
            ..OperatorClass::default()
        };
        let bare = OperatorClass {
            name: "d".into(),
            default: false,
            storage: None,
            operators: vec![],
            functions: vec![],
            ..class.clone()
        };
        let model = Model { operator_families: vec![family], operator_classes: vec![class, bare], ..Model::default() };
        assert_eq!(
            print_script(&model, &Options::default()),
            "CREATE OPERATOR FAMILY s.f USING gist;\n\
             ALTER OPERATOR FAMILY s.f USING gist ADD\n    OPERATOR 1 <(text,text),\n    \
             OPERATOR 15 s.<->(point,point) FOR ORDER BY pg_catalog.float_ops;\n\
             CREATE OPERATOR CLASS s.c\n    DEFAULT FOR TYPE text USING gist FAMILY s.f AS\n    STORAGE box,\n    \
             OPERATOR 15 s.<->(point,point) FOR ORDER BY pg_catalog.float_ops,\n    \
             FUNCTION 2 (text, date) s.f(internal);\n\
             CREATE OPERATOR CLASS s.d\n    FOR TYPE text USING gist FAMILY s.f AS\n    STORAGE text;\n"
        );
    }
}
