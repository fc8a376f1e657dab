//! The options of a query for one run, which the reader chooses: replaces their placeholders `{{name}}`.

/// How the queries return defaults and the conditions of checks and indexes.
#[derive(Clone, Copy)]
pub enum Expressions {
    /// As stored trees, which [`crate::deparse::SERVER`] deparses.
    Trees,
    /// Deparsed by the query itself: then it fails on a broken object.
    Texts,
}

/// An expression that the catalog stores as a tree, and its placeholder.
struct Expression {
    name: &'static str,
    column: &'static str,
    relation: &'static str,
}

const EXPRESSIONS: &[Expression] = &[
    Expression { name: "condition", column: "n.conbin", relation: "n.conrelid" },
    Expression { name: "predicate", column: "i.indpred", relation: "i.indrelid" },
    Expression { name: "default", column: "d.adbin", relation: "d.adrelid" },
];

/// Restricts a query to the relations in scope. Used only if some are out of scope.
const RELATIONS_IN_SCOPE: &str =
    "JOIN pg_catalog.pg_class c ON c.oid = d.adrelid AND (c.relnamespace = ANY($1) OR c.oid = ANY($2))";

/// Returns the query to run; `partial`: whether less than the whole database is read.
pub fn apply_options(sql: &str, expressions: Expressions, partial: bool) -> String {
    let mut sql = sql.to_owned();
    let mut put = |name: &str, text: &str| sql = sql.replace(&format!("{{{{{name}}}}}"), text);
    for Expression { name, column, relation } in EXPRESSIONS {
        match expressions {
            Expressions::Trees => put(name, column),
            Expressions::Texts => put(name, &format!("pg_catalog.pg_get_expr({column}, {relation})")),
        }
    }
    put("relations_in_scope", if partial { RELATIONS_IN_SCOPE } else { "" });
    put("partial", if partial { "true" } else { "false" });
    sql
}
