//! Prints types, and expressions without opening their tables. `pg_get_expr` opens the table for its column names: this
//! waits for locks, takes most of the time of reading checks, and leaves several kilobytes in the relation cache for each
//! table. Simple expressions are therefore deparsed here, by the server's code but with column names that were already
//! read; `pg_get_expr` prints all others.

use std::ffi::{CStr, CString};

use pgmeta_core::catalog_rows::{ColumnNames, Server, TypeName, column_number};
use pgmeta_core::ident::Name;
use pgrx::varlena::varlena_to_byte_slice;
use pgrx::{IntoDatum, PgBox, PgList, direct_function_call_as_datum, pg_sys};

use crate::encoding;

pub const SERVER: Server = Server { expression, data_type };

/// Nodes whose text does not depend on pretty-printing, which `pg_get_expr` uses (that of `CASE` does).
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
    // SAFETY: the server returns a new string, and plain values.
    unsafe {
        let text = CStr::from_ptr(pg_sys::format_type_with_typemod(oid.into(), typmod));
        Some(TypeName {
            name: Name::from(&*encoding::decode_marked(text.to_bytes())),
            collation: pg_sys::get_typcollation(oid.into()).into(),
            storage: pg_sys::get_typstorage(oid.into()) as u8,
        })
    }
}

/// Returns an expression as SQL; `column` returns the name of a column by its number.
fn expression(tree: &str, relation: u32, column: ColumnNames<'_>) -> Option<String> {
    if let Some(columns) = columns(tree)
        && let Some(names) = names(&columns, column)
        && let Some(tree) = encoding::tree_of(tree)
    {
        // SAFETY: the tree comes from the server, and the list has a name for every column in it.
        return unsafe { deparse(&tree, names) };
    }
    let tree = encoding::tree_of(tree)?;
    let args = [tree.to_bytes().into_datum(), pg_sys::Oid::from(relation).into_datum()];
    // SAFETY: the arguments are those of pg_get_expr(pg_node_tree, oid); a pg_node_tree is stored like a bytea.
    unsafe {
        let text = direct_function_call_as_datum(pg_sys::pg_get_expr, &args)?;
        let bytes = varlena_to_byte_slice(pg_sys::pg_detoast_datum_packed(text.cast_mut_ptr()));
        Some(encoding::decode_marked(bytes).into_owned())
    }
}

/// Returns the numbers of the columns in a tree of simple nodes; `None` for any other tree.
fn columns(tree: &str) -> Option<Vec<i16>> {
    let mut columns = Vec::new();
    for node in tree.split('{').skip(1) {
        let (tag, fields) = node.split_once(' ')?;
        if !SIMPLE.contains(&tag) {
            return None;
        }
        if tag == "VAR" {
            let number = column_number(fields)?;
            // Whole-row references and system columns are left to the server.
            if number <= 0 {
                return None;
            }
            columns.push(number);
        }
    }
    Some(columns)
}

/// Returns the names by column number, empty for unused columns; `None` if a name is unknown.
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

/// Deparses an expression over one relation whose columns have the given names. Uses a plan with only a list of values with
/// these columns.
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
