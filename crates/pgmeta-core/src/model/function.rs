//! Functions, procedures and window functions, and arguments, which aggregates have as well.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, Setting, Structure, type_address};

choice! {
    /// Whether a routine is a function, a procedure or a window function.
    pub enum FunctionKind {
        /// A function.
        Function b'f' "function",
        /// A procedure.
        Procedure b'p' "procedure",
        /// A window function.
        Window b'w' "window function",
    }
}

choice! {
    /// The mode of an argument.
    pub enum ArgumentMode {
        /// An input argument.
        In b'i' "IN",
        /// An output argument.
        Out b'o' "OUT",
        /// An argument for input and output.
        InOut b'b' "INOUT",
        /// An input argument that takes any number of values.
        Variadic b'v' "VARIADIC",
        /// A column of RETURNS TABLE.
        Table b't' "TABLE",
    }
}

choice! {
    /// What the planner may assume about repeated calls.
    pub enum Volatility {
        /// Its result can change with every call.
        Volatile b'v' "VOLATILE",
        /// Its result does not change within a statement.
        Stable b's' "STABLE",
        /// Its result depends only on the arguments.
        Immutable b'i' "IMMUTABLE",
    }
}

choice! {
    /// Whether parallel workers may call a function.
    pub enum Parallel {
        /// Not in a parallel query.
        Unsafe b'u' "UNSAFE",
        /// In a parallel query, only by its leader.
        Restricted b'r' "RESTRICTED",
        /// By any worker.
        Safe b's' "SAFE",
    }
}

part! {
    /// An argument of a routine.
    pub struct Argument {
        /// The type of the argument, as `format_type` prints it.
        data_type: Name;
        /// The name of the argument. Absent: it has none.
        name: Option<Name>,
        /// The mode of the argument. The default is IN.
        mode: ArgumentMode,
        /// The default, as SQL. Absent: the argument has none.
        default: Option<String>,
    }
}

object! {
    /// A function, procedure or window function.
    pub struct Function {
        /// The schema of the function.
        schema: Name,
        /// The name of the function.
        name: Name,
        /// The arguments in order, including those of mode OUT and TABLE.
        arguments: Vec<Argument>,
        /// The language in which it is written.
        language: Name;
        /// Whether it is a function, a procedure or a window function. The default is function.
        kind: FunctionKind,
        /// The type of the result. Absent for procedures, and if the arguments define it (RETURNS TABLE).
        returns: Option<Name>,
        /// Whether it returns a set (SETOF, TABLE).
        returns_set: bool,
        /// What the planner may assume about repeated calls. The default is VOLATILE.
        volatility: Volatility,
        /// Whether parallel workers may call it. The default is UNSAFE.
        parallel: Parallel,
        /// Whether it returns null when an argument is null (STRICT).
        strict: bool,
        /// Whether it runs with the privileges of its owner (SECURITY DEFINER).
        security_definer: bool,
        /// Whether it reveals nothing about its arguments (LEAKPROOF).
        leakproof: bool,
        /// The estimated cost of a call, in units of `cpu_operator_cost`. Absent: 1 for the languages internal and c,
        /// 100 for others.
        cost: Option<f64>,
        /// The estimated number of rows of the result. Absent: 1000 for a set, else 1.
        rows: Option<f64>,
        /// The planner support function, as SQL.
        support: Option<Name>,
        /// The types to which transforms are applied, as `format_type` prints them.
        transforms: Vec<Name>,
        /// The settings that apply while it runs (SET).
        settings: Vec<Setting>,
        /// The source; for a C function its symbol, for an internal function the server's name.
        definition: Option<String>,
        /// The shared library of a C function.
        object_file: Option<String>,
        /// The body as RETURN or BEGIN ATOMIC, as SQL. Absent: `definition` has the source.
        sql_body: Option<String>,
    }
}

impl Function {
    /// Returns the address of the object.
    pub fn object_key(&self) -> ObjectKey {
        let kind = if self.kind == FunctionKind::Procedure { ObjectKind::Procedure } else { ObjectKind::Function };
        ObjectKey::with_args(kind, &self.schema, &self.name, input_types(&self.arguments))
    }
}

impl Argument {
    /// Returns whether a caller passes a value for it.
    pub fn is_input(&self) -> bool {
        !matches!(self.mode, ArgumentMode::Out | ArgumentMode::Table)
    }
}

/// Returns the types that distinguish functions with the same name, as in `pg_get_object_address`.
pub(super) fn input_types(arguments: &[Argument]) -> Vec<Name> {
    let inputs = arguments.iter().filter(|argument| argument.is_input());
    inputs.map(|argument| type_address(&argument.data_type)).collect()
}

impl Structure for Function {
    fn requires(&self) -> Vec<ObjectKey> {
        vec![
            ObjectKey::global(ObjectKind::Schema, &self.schema),
            ObjectKey::global(ObjectKind::Language, &self.language),
        ]
    }

    fn texts(&self) -> Vec<&str> {
        self.sql_body.as_deref().into_iter().collect()
    }
}
