//! Operators as DDL.

use crate::ddl::context::Context;
use crate::ddl::render::{Render, Script};
use crate::ident::ident;
use crate::model::{ObjectKey, ObjectKind, Operator, QualifiedName};

impl Render for Operator {
    fn target(&self) -> String {
        let left = self.left.as_deref().unwrap_or("NONE");
        format!("OPERATOR {}.{} ({left}, {})", ident(&self.schema), self.name, self.right)
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        let mut lines = vec![format!("FUNCTION = {}", self.function)];
        if let Some(left) = &self.left {
            lines.push(format!("LEFTARG = {left}"));
        }
        lines.push(format!("RIGHTARG = {}", self.right));
        if let Some(operator) = &self.commutator {
            lines.push(format!("COMMUTATOR = {}", reference(operator)));
        }
        if let Some(operator) = &self.negator {
            lines.push(format!("NEGATOR = {}", reference(operator)));
        }
        if let Some(function) = &self.restrict {
            lines.push(format!("RESTRICT = {function}"));
        }
        if let Some(function) = &self.join {
            lines.push(format!("JOIN = {function}"));
        }
        if self.hashes {
            lines.push("HASHES".to_owned());
        }
        if self.merges {
            lines.push("MERGES".to_owned());
        }
        let (schema, name) = (ident(&self.schema), &self.name);
        out.create(cx, format_args!("CREATE OPERATOR {schema}.{name} (\n    {}\n)", lines.join(",\n    ")));
    }

    fn requires(&self) -> Vec<ObjectKey> {
        // The commutator and the negator need not exist, but are made where they do not.
        let others = self.commutator.iter().chain(&self.negator).map(|operator| &operator.schema);
        let schemas = others.chain([&self.schema]);
        schemas.map(|schema| ObjectKey::global(ObjectKind::Schema, schema)).collect()
    }
}

/// Returns an operator as options name it. Operator names are punctuation: never quoted.
pub(super) fn reference(operator: &QualifiedName) -> String {
    format!("OPERATOR({}.{})", ident(&operator.schema), operator.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ddl::options::Options;
    use crate::ddl::script::printed;
    use crate::model::{Model, Object};

    #[test]
    fn every_option_and_prefix_operators() {
        let operator = Operator {
            schema: "S x".into(),
            name: "=~".into(),
            left: Some("text".into()),
            right: "integer".into(),
            function: "s.f".into(),
            commutator: Some(QualifiedName { schema: "s".into(), name: "~=".into() }),
            negator: Some(QualifiedName { schema: "S x".into(), name: "!=~".into() }),
            restrict: Some("eqsel".into()),
            join: Some("eqjoinsel".into()),
            hashes: true,
            merges: true,
            owner: Some("o".into()),
            ..Operator::default()
        };
        let prefix = Operator { left: None, right: "date".into(), ..operator.clone() };
        assert_eq!(prefix.target(), "OPERATOR \"S x\".=~ (NONE, date)");
        assert_eq!(prefix.key().identity(), "\"S x\".=~(NONE,pg_catalog.date)");
        assert_eq!(
            printed(&Model { operators: vec![operator], ..Model::default() }, &Options::default()),
            "CREATE OPERATOR \"S x\".=~ (\n    FUNCTION = s.f,\n    LEFTARG = text,\n    RIGHTARG = integer,\n    \
             COMMUTATOR = OPERATOR(s.~=),\n    NEGATOR = OPERATOR(\"S x\".!=~),\n    RESTRICT = eqsel,\n    \
             JOIN = eqjoinsel,\n    HASHES,\n    MERGES\n);\nALTER OPERATOR \"S x\".=~ (text, integer) OWNER TO o;\n"
        );
    }
}
