//! Operators as DDL.

use crate::ddl::context::Context;
use crate::ddl::render::{Render, Script};
use crate::ident::ident;
use crate::model::{ObjectKey, ObjectKind, Operator, OperatorName};

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
            lines.push(format!("COMMUTATOR = {}", operator.sql()));
        }
        if let Some(operator) = &self.negator {
            lines.push(format!("NEGATOR = {}", operator.sql()));
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

impl OperatorName {
    /// Returns the operator as expressions and options name it. Operator names are punctuation: never quoted.
    pub fn sql(&self) -> String {
        format!("OPERATOR({}.{})", ident(&self.schema), self.name)
    }
}
