//! Functions, procedures and aggregates in the document.

use pgmeta_core::ident::Name;
use pgmeta_core::interrupt::check;
use pgmeta_core::model::{
    Aggregate, Argument, ArgumentMode, Function, FunctionKind, Model, Object, Parallel, Volatility,
};
use schemars::JsonSchema;
use serde::Serialize;

/// The kind of a routine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub enum RoutineKind {
    /// A function.
    #[default]
    #[serde(rename = "function")]
    Function,
    /// A procedure.
    #[serde(rename = "procedure")]
    Procedure,
    /// A window function.
    #[serde(rename = "window function")]
    Window,
    /// An aggregate function.
    #[serde(rename = "aggregate")]
    Aggregate,
}

/// An argument of a function.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct ArgumentEntry {
    /// The name of the argument. Null: it has none.
    pub name: Option<Name>,
    /// The type, as `format_type` prints it.
    #[serde(rename = "type")]
    pub data_type: Name,
    /// The mode of the argument.
    pub mode: ArgumentMode,
    /// The default, as SQL. Absent: the argument has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
}

/// A function, procedure, window function or aggregate.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct FunctionEntry {
    /// The schema of the function.
    pub schema: Name,
    /// The name of the function.
    pub name: Name,
    /// The function as `schema.name(types)`, as `pg_identify_object` spells it.
    pub identity: String,
    /// The kind of routine.
    pub kind: RoutineKind,
    /// The arguments, in order, those of mode OUT and TABLE included.
    pub arguments: Vec<ArgumentEntry>,
    /// The type of the result, as `format_type` prints it. Null: a procedure, an aggregate, or arguments define it.
    pub return_type: Option<Name>,
    /// Whether it returns a set.
    pub returns_set: bool,
    /// The language. Null: an aggregate, which has none.
    pub language: Option<Name>,
    /// What the planner may assume about repeated calls.
    pub volatility: Volatility,
    /// Whether parallel workers may call it.
    pub parallel: Parallel,
    /// Whether it returns null if an argument is null.
    pub strict: bool,
    /// Whether it runs with the privileges of its owner.
    pub security_definer: bool,
    /// The comment on the function.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// Returns the functions of a model, by schema, name and arguments.
pub fn functions(model: &Model) -> Vec<FunctionEntry> {
    let all = model.functions.iter().map(function).chain(model.aggregates.iter().map(aggregate));
    let mut found: Vec<FunctionEntry> = all.inspect(|_| check()).collect();
    found.sort_by(|one, other| {
        (&one.schema, &one.name, &one.identity).cmp(&(&other.schema, &other.name, &other.identity))
    });
    found
}

fn function(own: &Function) -> FunctionEntry {
    FunctionEntry {
        schema: own.schema.clone(),
        name: own.name.clone(),
        identity: own.key().identity(),
        kind: match own.kind {
            FunctionKind::Function => RoutineKind::Function,
            FunctionKind::Procedure => RoutineKind::Procedure,
            FunctionKind::Window => RoutineKind::Window,
        },
        arguments: own.arguments.iter().map(argument).collect(),
        return_type: own.returns.clone(),
        returns_set: own.returns_set,
        language: Some(own.language.clone()),
        volatility: own.volatility,
        parallel: own.parallel,
        strict: own.strict,
        security_definer: own.security_definer,
        comment: own.comment.clone(),
    }
}

fn aggregate(own: &Aggregate) -> FunctionEntry {
    FunctionEntry {
        schema: own.schema.clone(),
        name: own.name.clone(),
        identity: own.key().identity(),
        kind: RoutineKind::Aggregate,
        arguments: own.arguments.iter().map(argument).collect(),
        volatility: Volatility::Immutable,
        parallel: own.parallel,
        comment: own.comment.clone(),
        ..FunctionEntry::default()
    }
}

fn argument(own: &Argument) -> ArgumentEntry {
    ArgumentEntry {
        name: own.name.clone(),
        data_type: own.data_type.clone(),
        mode: own.mode,
        default: own.default.clone(),
    }
}
