//! Functions and procedures of a definition.

use pgmeta_core::ident::Name;
use pgmeta_core::model::{Argument, ArgumentMode, FunctionKind, Parallel, Volatility};

use crate::constraint::Word;
use crate::expression::Expression;
use crate::grant::GrantDefinition;
use crate::settings::Settings;

definition! {
    /// A function or procedure.
    pub struct FunctionDefinition {
        /// The name of the function.
        name: Name,
        /// The language in which it is written.
        language: Name;
        /// The schema. Absent: that of the definition.
        schema: Option<Name>,
        /// Whether it is a function, a procedure or a window function. Absent: function.
        kind: FunctionKind,
        /// The arguments, in order.
        arguments: Vec<ArgumentDefinition>,
        /// The type of the result. Absent for procedures, and if arguments of mode OUT, INOUT or TABLE say it.
        returns: Option<Name>,
        /// Whether it returns a set (SETOF). Arguments of mode TABLE say it, too.
        returns_set: bool,
        /// The source, as text.
        body: Option<String>,
        /// The body as RETURN or BEGIN ATOMIC, as SQL. Absent: `body` has the source.
        sql_body: Option<String>,
        /// What the planner may assume about repeated calls. Absent: VOLATILE.
        volatility: Word<Volatility>,
        /// Whether parallel workers may call it. Absent: UNSAFE.
        parallel: Word<Parallel>,
        /// Whether it returns null when an argument is null (STRICT).
        strict: bool,
        /// Whether it runs with the privileges of its owner (SECURITY DEFINER).
        security_definer: bool,
        /// Whether it reveals nothing about its arguments (LEAKPROOF).
        leakproof: bool,
        /// The estimated cost of a call. Absent: the default of the language.
        cost: Option<f64>,
        /// The estimated number of rows of the result. Absent: the default.
        rows: Option<f64>,
        /// The settings that apply while it runs (SET).
        settings: Settings,
        /// The comment on the function.
        comment: Option<String>,
        /// The privileges of others than the owner. Absent: PostgreSQL's default, with EXECUTE for PUBLIC.
        grants: Option<Vec<GrantDefinition>>,
    }
}

definition! {
    /// An argument of a function.
    pub struct ArgumentDefinition {
        /// The type of the argument.
        r#type: Name;
        /// The name of the argument. Absent: it has none.
        name: Option<Name>,
        /// The mode: IN, OUT, INOUT, VARIADIC, TABLE. Absent: IN.
        mode: Word<ArgumentMode>,
        /// The default.
        default: Option<Expression>,
    }
}

/// Returns the type of the result that the arguments say: that of the only one, or a record. None if they say none.
pub(crate) fn result_of(arguments: &[Argument]) -> Option<Name> {
    let mut results = arguments.iter().filter(|own| !matches!(own.mode, ArgumentMode::In | ArgumentMode::Variadic));
    match (results.next(), results.next()) {
        (None, _) => None,
        (Some(only), None) => Some(only.data_type.clone()),
        (Some(_), Some(_)) => Some("record".into()),
    }
}

/// Returns whether the arguments are the columns of a set (RETURNS TABLE).
pub(crate) fn has_columns(arguments: &[Argument]) -> bool {
    arguments.iter().any(|own| own.mode == ArgumentMode::Table)
}
