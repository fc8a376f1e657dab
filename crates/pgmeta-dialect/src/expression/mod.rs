//! Expressions as PostgreSQL prints them, in other dialects. What has no certain translation is refused.

mod array;
mod class;
mod constant;
mod default;
mod lists;
mod operators;
mod parse;
mod print;
mod query;
mod regex;
mod syntax;
mod tokens;
mod tree;
mod type_name;

pub(crate) use array::json_of_array;
pub(crate) use class::Class;
pub(crate) use default::{DefaultValue, default_of};
pub(crate) use parse::parse;
pub(crate) use print::{Printer, ScopeColumn, budget_of};
pub(crate) use query::{From, Join, Query, Select, parse_query};
pub(crate) use syntax::{Argument, Call, Clock, Syntax};
pub(crate) use tree::{Expr, Test, columns_of};

/// Why an expression has no translation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal(pub String);

impl Refusal {
    /// Names what has no translation.
    pub fn of(what: impl Into<String>) -> Self {
        Self(what.into())
    }
}
