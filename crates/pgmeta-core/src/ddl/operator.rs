//! Operators as DDL.

use crate::ddl::context::Context;
use crate::ddl::render::{Render, Script, drop_if_exists};
use crate::ident::{dollar_quoted, ident, literal};
use crate::model::{Operator, Part, QualifiedName};

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

    fn drop_statement(&self, part: Part, cx: &Context<'_>) -> Option<String> {
        let mut sql = drop_if_exists(&self.target());
        let others = named_only(self, cx);
        if !others.is_empty() {
            let is_shell = |name: &str| {
                let oid = format!("pg_catalog.to_regoperator({})", literal(name));
                format!("(SELECT oprcode = 0 FROM pg_catalog.pg_operator WHERE oid = {oid})")
            };
            let drops = others.iter().map(|name| format!("IF {} THEN DROP OPERATOR {name}; END IF;", is_shell(name)));
            let drops: Vec<String> = drops.collect();
            sql = format!("DO {}", dollar_quoted(&format!("BEGIN {sql}; {} END", drops.join(" "))));
        }
        (part == Part::Main).then_some(sql)
    }
}

/// Returns the commutator and the negator with their operands, if the model does not contain them. They belong to the server or an
/// extension, or are shells that this operator's CREATE creates.
fn named_only(operator: &Operator, cx: &Context<'_>) -> Vec<String> {
    let left = operator.left.as_deref().unwrap_or("NONE");
    let others = [(&operator.commutator, &*operator.right, left), (&operator.negator, left, &*operator.right)];
    let others = others.into_iter().filter_map(|(name, left, right)| Some((name.as_ref()?, left, right)));
    let unknown = others.filter(|(name, left, right)| !cx.has_operator((&name.schema, &name.name), left, right));
    unknown.map(|(name, left, right)| format!("{}.{}({left},{right})", ident(&name.schema), name.name)).collect()
}

/// Returns an operator as it is written in options. Operator names are punctuation, and never quoted.
pub(super) fn reference(operator: &QualifiedName) -> String {
    format!("OPERATOR({}.{})", ident(&operator.schema), operator.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ddl::options::Options;
    use crate::ddl::script::{export, print_script};
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
            print_script(&Model { operators: vec![operator], ..Model::default() }, &Options::default()),
            "CREATE OPERATOR \"S x\".=~ (\n    FUNCTION = s.f,\n    LEFTARG = text,\n    RIGHTARG = integer,\n    \
             COMMUTATOR = OPERATOR(s.~=),\n    NEGATOR = OPERATOR(\"S x\".!=~),\n    RESTRICT = eqsel,\n    \
             JOIN = eqjoinsel,\n    HASHES,\n    MERGES\n);\nALTER OPERATOR \"S x\".=~ (text, integer) OWNER TO o;\n"
        );
    }

    #[test]
    fn a_shell_operator_belongs_to_the_operator_that_references_it() {
        let named = |name: &str, negator: &str| Operator {
            schema: "s".into(),
            name: name.into(),
            right: "integer".into(),
            function: "s.f".into(),
            negator: Some(QualifiedName { schema: "s".into(), name: negator.into() }),
            ..Operator::default()
        };
        let model = Model { operators: vec![named("!", "!!"), named("!!", "!"), named("?", "??")], ..Model::default() };
        let options = Options { drop: true, ..Options::default() };
        let script = export(&model, &options, || Ok::<(), ()>(()), &crate::parallel::Sequential).unwrap_or_default();
        assert!(script.contains("\nDROP OPERATOR IF EXISTS s.! (NONE, integer);\n"), "{script}");
        assert!(
            script.contains(
                "DO $$BEGIN DROP OPERATOR IF EXISTS s.? (NONE, integer); IF (SELECT oprcode = 0 FROM pg_catalog.pg_operator \
                 WHERE oid = pg_catalog.to_regoperator('s.??(NONE,integer)')) THEN DROP OPERATOR s.??(NONE,integer); END IF; END$$;\n"
            ),
            "{script}"
        );
    }
}
