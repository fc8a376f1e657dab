//! Reading the server's parse trees: lists, names, texts of nodes. Knows no statement.

use std::collections::BTreeSet;
use std::ffi::{CStr, c_char, c_void};

use pgmeta_core::ident::ident;
use pgmeta_lint::ObjectName;
use pgrx::pg_sys;
use pgrx::pg_sys::NodeTag;

use crate::encoding;
use crate::error::Error;

/// Iterates over the pointers of a list.
pub fn list(list: *mut pg_sys::List) -> impl Iterator<Item = *mut c_void> {
    // SAFETY: a list of the parser's has as many cells with pointers as it says; an empty list is a null pointer.
    let length = if list.is_null() { 0 } else { usize::try_from(unsafe { (*list).length }).unwrap_or(0) };
    (0..length).map(move |at| unsafe { (*(*list).elements.add(at)).ptr_value })
}

/// Returns the tag of a node.
pub fn tag(node: *const c_void) -> Option<NodeTag> {
    // SAFETY: every node begins with its tag.
    (!node.is_null()).then(|| unsafe { (*node.cast::<pg_sys::Node>()).type_ })
}

/// Returns a text; `None` for a null pointer.
pub fn text(text: *const c_char) -> Result<Option<String>, Error> {
    if text.is_null() {
        return Ok(None);
    }
    // SAFETY: the parser's texts end with a null byte.
    let bytes = unsafe { CStr::from_ptr(text) };
    Ok(Some(encoding::decode(bytes.to_bytes())?.into_owned()))
}

/// Returns the texts of a list of names, such as schema and name.
pub fn names(names: *mut pg_sys::List) -> Result<Vec<String>, Error> {
    let mut texts = Vec::new();
    for node in list(names) {
        if tag(node) == Some(NodeTag::T_String) {
            // SAFETY: the tag is of this kind of node.
            texts.extend(unsafe { text(string(node)) }?);
        }
    }
    Ok(texts)
}

/// # Safety
/// The node is a string.
unsafe fn string(node: *const c_void) -> *const c_char {
    #[cfg(feature = "pg14")]
    // SAFETY: the caller's promise.
    return unsafe { (*node.cast::<pg_sys::Value>()).val.str_ };
    #[cfg(not(feature = "pg14"))]
    // SAFETY: the caller's promise.
    return unsafe { (*node.cast::<pg_sys::String>()).sval };
}

/// Returns the name that a list of names means.
pub fn object_name(list: *mut pg_sys::List) -> Result<ObjectName, Error> {
    let mut names = names(list)?;
    let name = names.pop().unwrap_or_default();
    Ok(ObjectName { schema: names.pop(), name })
}

/// Returns a name without a schema.
pub fn unqualified(name: Option<String>) -> ObjectName {
    ObjectName { schema: None, name: name.unwrap_or_default() }
}

/// Returns the name of a relation.
pub fn relation(range: *const pg_sys::RangeVar) -> Result<ObjectName, Error> {
    if range.is_null() {
        return Ok(ObjectName::default());
    }
    // SAFETY: it is the parser's.
    let range = unsafe { &*range };
    Ok(ObjectName { schema: text(range.schemaname)?, name: text(range.relname)?.unwrap_or_default() })
}

/// Returns whether a relation is created as a temporary one.
pub fn is_temporary(range: *const pg_sys::RangeVar) -> bool {
    // SAFETY: it is the parser's.
    let persistence = (!range.is_null()).then(|| unsafe { (*range).relpersistence });
    persistence.is_some_and(|own| u8::try_from(own) == Ok(pg_sys::RELPERSISTENCE_TEMP))
}

/// Returns the names of relations.
pub fn relations(ranges: *mut pg_sys::List) -> Result<Vec<ObjectName>, Error> {
    list(ranges).map(|node| relation(node.cast())).collect()
}

/// Returns a type as it is written, without pg_catalog.
pub fn type_name(name: *const pg_sys::TypeName) -> Result<String, Error> {
    if name.is_null() {
        return Ok(String::new());
    }
    // SAFETY: it is the parser's.
    let name = unsafe { &*name };
    let mut words = names(name.names)?;
    if words.len() > 1 && words[0] == "pg_catalog" {
        words.remove(0);
    }
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let quoted = |word: &String| if word.chars().all(is_plain) { word.clone() } else { ident(word) };
    let mut written = words.iter().map(quoted).collect::<Vec<_>>().join(".");
    // The keyword is bpchar in the parse tree; this is the type of single bytes.
    if written == "char" {
        written = "\"char\"".to_owned();
    }
    let mut modifiers: Vec<i32> = list(name.typmods).filter_map(integer).collect();
    if written == "interval" && !modifiers.is_empty() {
        written += &interval_fields(modifiers.remove(0));
    }
    let modifiers: Vec<String> = modifiers.iter().map(i32::to_string).collect();
    if !modifiers.is_empty() {
        written += &format!("({})", modifiers.join(","));
    }
    if !name.arrayBounds.is_null() {
        written += "[]";
    }
    Ok(written)
}

/// Returns the fields of an interval as they are written, with a space before them; nothing for all of them.
fn interval_fields(mask: i32) -> String {
    let bits = [pg_sys::YEAR, pg_sys::MONTH, pg_sys::DAY, pg_sys::HOUR, pg_sys::MINUTE, pg_sys::SECOND];
    let words = ["year", "month", "day", "hour", "minute", "second"];
    let mut own = bits.iter().zip(words).filter(|(bit, _)| mask & (1 << **bit) != 0).map(|(_, word)| word);
    match (own.next(), own.next_back()) {
        _ if mask == pg_sys::INTERVAL_FULL_RANGE as i32 => String::new(),
        (Some(first), Some(last)) => format!(" {first} to {last}"),
        (Some(only), None) => format!(" {only}"),
        (None, _) => String::new(),
    }
}

/// Returns the name of a type without modifiers; `None` for an array.
pub fn base_type(name: *const pg_sys::TypeName) -> Result<Option<ObjectName>, Error> {
    if name.is_null() {
        return Ok(None);
    }
    // SAFETY: it is the parser's.
    let name = unsafe { &*name };
    if name.arrayBounds.is_null() { object_name(name.names).map(Some) } else { Ok(None) }
}

/// Returns the number of a constant.
fn integer(node: *mut c_void) -> Option<i32> {
    if tag(node) != Some(NodeTag::T_A_Const) {
        return None;
    }
    // SAFETY: the tags say what the node and its value are.
    unsafe {
        let constant = &*node.cast::<pg_sys::A_Const>();
        #[cfg(feature = "pg14")]
        return (constant.val.type_ == NodeTag::T_Integer).then_some(constant.val.val.ival);
        #[cfg(not(feature = "pg14"))]
        return (constant.val.node.type_ == NodeTag::T_Integer).then_some(constant.val.ival.ival);
    }
}

/// Returns whether an expression is NULL, of any type.
pub fn is_null(node: *const c_void) -> bool {
    // SAFETY: each node is read as what its tag says.
    unsafe {
        match tag(node) {
            Some(NodeTag::T_TypeCast) => is_null((*node.cast::<pg_sys::TypeCast>()).arg.cast()),
            Some(NodeTag::T_A_Const) => {
                let constant = &*node.cast::<pg_sys::A_Const>();
                #[cfg(feature = "pg14")]
                return constant.val.type_ == NodeTag::T_Null;
                #[cfg(not(feature = "pg14"))]
                return constant.isnull;
            }
            _ => false,
        }
    }
}

/// Returns the text of a string constant.
pub fn string_constant(node: *const c_void) -> Result<Option<String>, Error> {
    if tag(node) != Some(NodeTag::T_A_Const) || is_null(node) {
        return Ok(None);
    }
    // SAFETY: the tags say what the node and its value are.
    unsafe {
        let constant = &*node.cast::<pg_sys::A_Const>();
        #[cfg(feature = "pg14")]
        let (kind, value) = (constant.val.type_, (&raw const constant.val).cast::<c_void>());
        #[cfg(not(feature = "pg14"))]
        let (kind, value) = (constant.val.node.type_, (&raw const constant.val).cast::<c_void>());
        if kind == NodeTag::T_String { text(string(value)) } else { Ok(None) }
    }
}

/// Returns whether an expression is the constant TRUE.
pub fn is_true(node: *const c_void) -> bool {
    // SAFETY: each node is read as what its tag says.
    unsafe {
        match tag(node) {
            // Before 15 the parser makes a cast of a text.
            Some(NodeTag::T_TypeCast) => {
                let value = (*node.cast::<pg_sys::TypeCast>()).arg.cast();
                string_constant(value).ok().flatten().is_some_and(|text| text == "t")
            }
            #[cfg(not(feature = "pg14"))]
            Some(NodeTag::T_A_Const) => {
                let constant = &*node.cast::<pg_sys::A_Const>();
                constant.val.node.type_ == NodeTag::T_Boolean && constant.val.boolval.boolval
            }
            _ => false,
        }
    }
}

/// Returns the column that an expression is, perhaps with the name of its table.
fn column(node: *const c_void) -> Result<Option<String>, Error> {
    if tag(node) != Some(NodeTag::T_ColumnRef) {
        return Ok(None);
    }
    // SAFETY: the tag is of this kind of node.
    let fields = unsafe { (*node.cast::<pg_sys::ColumnRef>()).fields };
    let mut names = names(fields)?;
    // A star has no name.
    Ok(if names.len() == list(fields).count() { names.pop() } else { None })
}

/// Returns the columns that have a value where a condition is true, or, if it is negated, where it is false.
pub fn demanded_columns(node: *const c_void, negated: bool) -> Result<BTreeSet<String>, Error> {
    use pg_sys::BoolExprType::{AND_EXPR, NOT_EXPR};
    use pg_sys::NullTestType::{IS_NOT_NULL, IS_NULL};
    // SAFETY: each node is read as what its tag says.
    unsafe {
        match tag(node) {
            Some(NodeTag::T_NullTest) => {
                let test = &*node.cast::<pg_sys::NullTest>();
                let demands = test.nulltesttype == if negated { IS_NULL } else { IS_NOT_NULL };
                Ok(if demands { column(test.arg.cast())?.into_iter().collect() } else { BTreeSet::new() })
            }
            Some(NodeTag::T_BoolExpr) => {
                let own = &*node.cast::<pg_sys::BoolExpr>();
                let negated = negated != (own.boolop == NOT_EXPR);
                let parts = list(own.args).map(|part| demanded_columns(part, negated));
                let parts = parts.collect::<Result<Vec<_>, _>>()?.into_iter();
                // All parts hold, or only one of them may.
                let all_hold = (own.boolop == AND_EXPR) != negated || own.boolop == NOT_EXPR;
                let joined = parts.reduce(|one, other| if all_hold { &one | &other } else { &one & &other });
                Ok(joined.unwrap_or_default())
            }
            _ => Ok(BTreeSet::new()),
        }
    }
}

/// Returns the columns that an expression, or a list with expressions and elements of indexes, names.
pub fn named_columns(node: *const c_void) -> Result<Vec<String>, Error> {
    // SAFETY: the server prints an expression of its own parser.
    let printed = text(unsafe { pg_sys::nodeToString(node) })?.unwrap_or_default();
    let of = |mark: &str| -> Vec<String> {
        printed.split(mark).skip(1).filter_map(|rest| printed_texts(rest).pop()).collect()
    };
    let of_elements = printed.split("{INDEXELEM :name ").skip(1).filter(|rest| !rest.starts_with("<>"));
    let of_elements = of_elements.filter_map(|rest| rest.split(' ').next()).map(str::to_owned);
    Ok(of("{COLUMNREF :fields (").into_iter().chain(of_elements).collect())
}

/// Returns the constants of an expression or a list.
pub fn constants(node: *const c_void) -> Result<Vec<String>, Error> {
    // SAFETY: the server prints an expression of its own parser.
    let printed = text(unsafe { pg_sys::nodeToString(node) })?.unwrap_or_default();
    let value = |rest: &str| match rest.starts_with('"') {
        true => printed_texts(rest).into_iter().next(),
        false => rest.split([' ', '}']).next().map(str::to_owned),
    };
    Ok(printed.split("{A_CONST :val ").skip(1).filter_map(value).collect())
}

/// Returns whether the USING of a new type is what the server does without it: nothing, the column, or its cast to the type.
pub fn is_own_value(node: *const c_void, name: &str, new_type: &str) -> Result<bool, Error> {
    if tag(node) != Some(NodeTag::T_TypeCast) {
        return Ok(node.is_null() || column(node)?.as_deref() == Some(name));
    }
    // SAFETY: the tag is of this kind of node.
    let cast = unsafe { &*node.cast::<pg_sys::TypeCast>() };
    Ok(column(cast.arg.cast())?.as_deref() == Some(name) && type_name(cast.typeName)? == new_type)
}

/// Returns the functions that an expression calls.
pub fn functions(expression: *const c_void) -> Result<Vec<ObjectName>, Error> {
    // SAFETY: the server prints an expression of its own parser.
    let printed = text(unsafe { pg_sys::nodeToString(expression) })?.unwrap_or_default();
    let of_call = |rest: &str| {
        let mut names = printed_texts(rest);
        let name = names.pop().unwrap_or_default();
        ObjectName { schema: names.pop(), name }
    };
    Ok(printed.split("{FUNCCALL :funcname (").skip(1).map(of_call).collect())
}

/// Reads the texts of a list as the server prints them, up to its end: in double quotes, with backslashes before special characters.
fn printed_texts(list: &str) -> Vec<String> {
    let (mut texts, mut inside, mut characters) = (Vec::new(), None::<String>, list.chars());
    while let Some(character) = characters.next() {
        match (&mut inside, character) {
            (None, ')') => break,
            (None, '"') => inside = Some(String::new()),
            (None, _) => {}
            (Some(_), '"') => texts.extend(inside.take()),
            (Some(own), '\\') => own.extend(characters.next()),
            (Some(own), character) => own.push(character),
        }
    }
    texts
}

/// Returns the text of an option.
pub fn option_text(options: *mut pg_sys::List, name: &str) -> Result<Option<String>, Error> {
    for node in list(options) {
        let option = node.cast::<pg_sys::DefElem>();
        // SAFETY: options of statements are DefElem nodes; the value is read as what its tag says.
        unsafe {
            let value = (*option).arg.cast::<c_void>();
            if text((*option).defname)?.as_deref() == Some(name) && tag(value) == Some(NodeTag::T_String) {
                return text(string(value));
            }
        }
    }
    Ok(None)
}

/// Returns whether a list of options has one, and not with a false value.
pub fn has_option(options: *mut pg_sys::List, name: &str) -> Result<bool, Error> {
    for node in list(options) {
        let option = node.cast::<pg_sys::DefElem>();
        // SAFETY: options of statements are DefElem nodes.
        if tag(node) == Some(NodeTag::T_DefElem) && text(unsafe { (*option).defname })?.as_deref() == Some(name) {
            // SAFETY: as above. The server raises an error for a value that is not a boolean.
            return Ok(unsafe { pg_sys::defGetBoolean(option) });
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_names_are_read_back() {
        assert_eq!(printed_texts(r#""app" "now") :args <>}"#), ["app", "now"]);
        assert_eq!(printed_texts(r#""my\ func" "f\)x\"y")"#), ["my func", "f)x\"y"]);
        assert!(printed_texts(")").is_empty());
    }
}
