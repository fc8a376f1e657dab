//! What the server spells for the model: types, and expressions without opening their tables. `pg_get_expr` opens the table to name its columns: that
//! waits for locks, takes most of the time of reading checks, and leaves a relation cache entry of several kilobytes
//! for every table behind. Simple conditions are deparsed here, by the same code of the server but with names of columns
//! that have been read already; the rest is left to `pg_get_expr`.

use std::ffi::{CStr, CString};

use pgmeta_core::catalog_rows::{ColumnNames, Server, TypeName, column_number};
use pgmeta_core::ident::Name;
use pgrx::varlena::varlena_to_byte_slice;
use pgrx::{IntoDatum, PgBox, PgList, direct_function_call_as_datum, pg_sys};

use crate::encoding;

pub const SERVER: Server = Server { expression, data_type };

/// Nodes whose text does not depend on the pretty-printing that `pg_get_expr` asks for (`CASE` does).
const SIMPLE: &[&str] = &[
    "VAR",
    "CONST",
    "FUNCEXPR",
    "OPEXPR",
    "DISTINCTEXPR",
    "NULLIFEXPR",
    "SCALARARRAYOPEXPR",
    "BOOLEXPR",
    "RELABELTYPE",
    "COERCEVIAIO",
    "ARRAYCOERCEEXPR",
    "ARRAYEXPR",
    "COALESCE",
    "NULLTEST",
    "BOOLEANTEST",
];

fn data_type(oid: u32, typmod: i32) -> Option<TypeName> {
    // SAFETY: the server returns a string of its own, and plain values.
    unsafe {
        let text = CStr::from_ptr(pg_sys::format_type_with_typemod(oid.into(), typmod));
        Some(TypeName {
            name: Name::from(&*encoding::decode_marked(text.to_bytes())),
            collation: pg_sys::get_typcollation(oid.into()).into(),
            storage: pg_sys::get_typstorage(oid.into()) as u8,
        })
    }
}

/// Returns an expression as SQL; `column` names the relation's columns by their numbers.
fn expression(tree: &str, relation: u32, column: ColumnNames<'_>) -> Option<String> {
    if let Some(columns) = columns(tree)
        && let Some(names) = names(&columns, column)
        && let Some(tree) = encoding::tree_of(tree)
    {
        // SAFETY: the tree is the server's own, and every column that it names has its name in the list.
        return unsafe { deparse(&tree, names) };
    }
    let tree = encoding::tree_of(tree)?;
    let args = [tree.to_bytes().into_datum(), pg_sys::Oid::from(relation).into_datum()];
    // SAFETY: the arguments are those of pg_get_expr(pg_node_tree, oid); the former is kept like a bytea.
    unsafe {
        let text = direct_function_call_as_datum(pg_sys::pg_get_expr, &args)?;
        let bytes = varlena_to_byte_slice(pg_sys::pg_detoast_datum_packed(text.cast_mut_ptr()));
        Some(encoding::decode_marked(bytes).into_owned())
    }
}

/// Returns the numbers of the columns that a tree of simple nodes names; `None` for any other tree.
fn columns(tree: &str) -> Option<Vec<i16>> {
    let mut columns = Vec::new();
    for node in tree.split('{').skip(1) {
        let (tag, fields) = node.split_once(' ')?;
        if !SIMPLE.contains(&tag) {
            return None;
        }
        if tag == "VAR" {
            let number = column_number(fields)?;
            // The row as a whole and system columns are the server's to print.
            if number <= 0 {
                return None;
            }
            columns.push(number);
        }
    }
    Some(columns)
}

/// Returns the names by number, empty where they are not wanted; `None` where a column is unknown.
fn names(columns: &[i16], column: ColumnNames<'_>) -> Option<PgList<pg_sys::Node>> {
    let last = columns.iter().copied().max().unwrap_or(0);
    let mut names = PgList::new();
    for number in 1..=last {
        let name =
            if columns.contains(&number) { encoding::c_string(column(number)?).ok()? } else { CString::default() };
        // SAFETY: makeString keeps a copy.
        names.push(unsafe { pg_sys::makeString(pg_sys::pstrdup(name.as_ptr())) }.cast());
    }
    Some(names)
}

/// Deparses an expression over one relation whose columns have the given names, by way of a plan that consists of
/// nothing but a list of values with these columns.
///
/// # Safety
/// The tree must be one that the server wrote.
unsafe fn deparse(tree: &CStr, names: PgList<pg_sys::Node>) -> Option<String> {
    // SAFETY: the nodes are made by the server's own functions or zeroed, which is how makeNode makes them.
    unsafe {
        let expression = pg_sys::stringToNode(tree.as_ptr());
        let mut eref = PgBox::<pg_sys::Alias>::alloc_node(pg_sys::NodeTag::T_Alias);
        eref.aliasname = pg_sys::pstrdup(c"".as_ptr());
        eref.colnames = names.into_pg();
        let mut entry = PgBox::<pg_sys::RangeTblEntry>::alloc_node(pg_sys::NodeTag::T_RangeTblEntry);
        entry.rtekind = pg_sys::RTEKind::RTE_VALUES;
        entry.eref = eref.into_pg();
        let alias = pg_sys::makeString(pg_sys::pstrdup(c"".as_ptr()));
        let mut plan = PgBox::<pg_sys::PlannedStmt>::alloc_node(pg_sys::NodeTag::T_PlannedStmt);
        plan.rtable = pg_sys::lappend(std::ptr::null_mut(), entry.into_pg().cast());
        let aliases = pg_sys::lappend(std::ptr::null_mut(), alias.cast());
        let context = pg_sys::deparse_context_for_plan_tree(plan.into_pg(), aliases);
        let text = pg_sys::deparse_expression(expression.cast(), context, false, false);
        Some(encoding::decode_marked(CStr::from_ptr(text).to_bytes()).into_owned())
    }
}
