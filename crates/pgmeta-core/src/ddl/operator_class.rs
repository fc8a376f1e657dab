//! Operator families and classes as DDL.

use crate::ddl::context::Context;
use crate::ddl::render::{Render, Script};
use crate::ident::{ident, qualified};
use crate::model::{FunctionMember, ObjectKey, ObjectKind, OperatorClass, OperatorFamily, OperatorMember};

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

    fn requires(&self) -> Vec<ObjectKey> {
        home(&self.schema, &self.method)
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
            // Something must be said, and to store the type itself is what happens anyway.
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

    fn requires(&self) -> Vec<ObjectKey> {
        let mut keys = home(&self.schema, &self.method);
        keys.push(self.family_key());
        keys
    }
}

fn home(schema: &crate::ident::Name, method: &crate::ident::Name) -> Vec<ObjectKey> {
    vec![ObjectKey::global(ObjectKind::Schema, schema), ObjectKey::global(ObjectKind::AccessMethod, method)]
}

/// Returns the members as CREATE OPERATOR CLASS and ALTER OPERATOR FAMILY list them.
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
