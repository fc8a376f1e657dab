//! Arguments of functions, procedures and aggregates. Prints nothing else of them.

use crate::ident::ident;
use crate::model::{Argument, ArgumentMode, FunctionKind};

/// Returns the arguments as in CREATE, without the columns of RETURNS TABLE.
pub fn declared(kind: FunctionKind, arguments: &[Argument]) -> String {
    join(
        arguments
            .iter()
            .filter(|argument| argument.mode != ArgumentMode::Table)
            .map(|argument| declaration(kind, argument)),
    )
}

/// Returns one argument as in CREATE.
pub fn declaration(kind: FunctionKind, argument: &Argument) -> String {
    let mut sql = String::from(mode(kind, argument));
    if let Some(name) = &argument.name {
        sql += &ident(name);
        sql.push(' ');
    }
    sql += &argument.data_type;
    if let Some(default) = &argument.default {
        sql += " DEFAULT ";
        sql += default;
    }
    sql
}

/// Returns the arguments as ALTER, DROP and GRANT need them to tell overloads apart.
pub fn identifying(kind: FunctionKind, arguments: &[Argument]) -> String {
    // A procedure's OUT arguments are a part of its identity, unless the list contains all modes.
    let counts = |argument: &&Argument| kind == FunctionKind::Procedure || argument.is_input();
    join(arguments.iter().filter(counts).map(|argument| match kind {
        FunctionKind::Procedure => format!("{}{}", mode(kind, argument), argument.data_type),
        FunctionKind::Function | FunctionKind::Window => argument.data_type.to_string(),
    }))
}

/// Returns the columns of RETURNS TABLE, or an empty text.
pub fn table_columns(arguments: &[Argument]) -> String {
    let columns = arguments.iter().filter(|argument| argument.mode == ArgumentMode::Table);
    join(columns.map(|column| match &column.name {
        Some(name) => format!("{} {}", ident(name), column.data_type),
        None => column.data_type.to_string(),
    }))
}

fn mode(kind: FunctionKind, argument: &Argument) -> &'static str {
    match argument.mode {
        ArgumentMode::In if kind == FunctionKind::Procedure => "IN ",
        ArgumentMode::In | ArgumentMode::Table => "",
        ArgumentMode::Out => "OUT ",
        ArgumentMode::InOut => "INOUT ",
        ArgumentMode::Variadic => "VARIADIC ",
    }
}

pub(super) fn join(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}
