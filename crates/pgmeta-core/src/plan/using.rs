//! The option `using`: the caller's expressions that convert columns. Decides nothing else about a column.

use crate::ident::{ident, qualified};
use crate::interrupt::check;
use crate::lexer::{self, Kind};
use crate::model::{Model, Table};
use crate::plan::options::Options;

/// Errors of an entry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UsingError {
    #[error("column \"{0}\" to be converted does not exist")]
    UnknownColumn(String),
    #[error("value for \"{0}\" is not a single expression")]
    NotAnExpression(String),
}

fn key(table: &Table, column: &str) -> String {
    format!("{}.{}", qualified(&table.schema, &table.name), ident(column))
}

impl Options {
    /// Returns the caller's expression for a column of the target.
    pub fn using(&self, table: &Table, column: &str) -> Option<&str> {
        if self.using.is_empty() {
            return None;
        }
        self.using.get(&key(table, column)).map(String::as_str)
    }

    /// Finds an entry for a column that the target lacks, or with more than an expression.
    pub(super) fn check_using(&self, target: &Model) -> Result<(), UsingError> {
        if self.using.is_empty() {
            return Ok(());
        }
        let mut left: std::collections::BTreeSet<&str> = self.using.keys().map(String::as_str).collect();
        for table in &target.tables {
            check();
            for column in &table.columns {
                left.remove(&*key(table, &column.name));
            }
        }
        if let Some(unknown) = left.first() {
            return Err(UsingError::UnknownColumn((*unknown).to_owned()));
        }
        let more = self.using.iter().find(|(_, expression)| !is_one(expression));
        more.map_or(Ok(()), |(column, _)| Err(UsingError::NotAnExpression(column.clone())))
    }
}

/// Returns whether a text stays inside the parentheses around it.
fn is_one(expression: &str) -> bool {
    let has_comment = || lexer::pieces(expression).iter().any(|piece| piece.kind == Kind::Comment);
    lexer::part_fault(expression).is_none() && !has_comment() && !expression.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_using_expression_cannot_leave_its_parentheses() {
        for one in ["a::text", "s.f(a, ')')", "(a)", "CASE a WHEN ';' THEN 1 END", "\"a)\" + 1"] {
            assert!(is_one(one), "{one}");
        }
        for other in
            ["", " ", "'a", "\"a", "$$a", "a), ADD b int DEFAULT (1", "(a", "a; DROP TABLE t", "a -- b", "a /* b */"]
        {
            assert!(!is_one(other), "{other}");
        }
    }
}
