//! Functions, procedures and window functions, and the arguments that aggregates have too.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, Setting, Structure, type_address};

choice! {
    pub enum FunctionKind { Function b'f' "function", Procedure b'p' "procedure", Window b'w' "window function" }
}

choice! {
    /// `TABLE`: a column of RETURNS TABLE.
    pub enum ArgumentMode {
        In b'i' "IN", Out b'o' "OUT", InOut b'b' "INOUT", Variadic b'v' "VARIADIC", Table b't' "TABLE",
    }
}

choice! {
    pub enum Volatility { Volatile b'v' "VOLATILE", Stable b's' "STABLE", Immutable b'i' "IMMUTABLE" }
}

choice! {
    pub enum Parallel { Unsafe b'u' "UNSAFE", Restricted b'r' "RESTRICTED", Safe b's' "SAFE" }
}

part! {
    pub struct Argument {
        /// As `format_type` prints it.
        data_type: Name;
        name: Option<Name>,
        mode: ArgumentMode,
        /// As SQL.
        default: Option<String>,
    }
}

object! {
    pub struct Function {
        schema: Name,
        name: Name,
        arguments: Vec<Argument>,
        language: Name;
        kind: FunctionKind,
        /// A procedure returns nothing; RETURNS TABLE is told by the arguments.
        returns: Option<Name>,
        returns_set: bool,
        volatility: Volatility,
        parallel: Parallel,
        strict: bool,
        security_definer: bool,
        leakproof: bool,
        /// Where it is not the language's default: 1 for internal and C, 100 for others.
        cost: Option<f64>,
        /// Where it is not 1000.
        rows: Option<f64>,
        /// The planner support function, as SQL.
        support: Option<Name>,
        /// The types to which transforms are applied.
        transforms: Vec<Name>,
        settings: Vec<Setting>,
        /// The source; of a C function its symbol, of an internal one its name in the server.
        definition: Option<String>,
        /// The file of a C function.
        object_file: Option<String>,
        /// The body as RETURN or BEGIN ATOMIC, instead of a definition.
        sql_body: Option<String>,
    }
}

impl Function {
    pub fn object_key(&self) -> ObjectKey {
        let kind = if self.kind == FunctionKind::Procedure { ObjectKind::Procedure } else { ObjectKind::Function };
        ObjectKey::with_args(kind, &self.schema, &self.name, input_types(&self.arguments))
    }
}

impl Argument {
    pub fn is_input(&self) -> bool {
        !matches!(self.mode, ArgumentMode::Out | ArgumentMode::Table)
    }
}

/// Returns the types that tell functions of one name apart, as `pg_get_object_address` takes them.
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
}
