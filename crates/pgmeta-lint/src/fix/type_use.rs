//! What uses a column in a way that another type can break: expressions, whose functions and operators the server chooses by type, and
//! what forbids a change of the type.

use pgmeta_core::ident::ident;
use pgmeta_core::interrupt::check;
use pgmeta_core::model::{Column, Model, ObjectKey, ObjectKind, ObjectRef, Table};

use crate::analysis::ColumnType;

/// Types that have the same operators and functions of the server.
const FAMILIES: [&[&str]; 2] = [&["smallint", "integer", "bigint"], &["character", "character varying", "text"]];

/// Returns whether a column can have another type without a statement that fails: nothing forbids it, and no expression over the
/// column may lack an operator or function for the new type. `dependents` are all objects that use the table.
pub(crate) fn allows_type(
    model: &Model,
    table: &Table,
    column: &Column,
    data_type: &str,
    dependents: &[ObjectRef<'_>],
) -> bool {
    let is_published = model.publications.iter().flat_map(|own| &own.tables).any(|own| {
        let is_listed = own.columns.as_ref().is_some_and(|columns| columns.contains(&column.name));
        let is_filtered = own.row_filter.as_deref().is_some_and(|text| names(text, &column.name));
        own.schema == table.schema && own.name == table.name && (is_listed || is_filtered)
    });
    // The server prints a money value with its currency, which a number does not have.
    let is_money = &*column.data_type == "money" && column.default.is_some();
    if table.of_type.is_some() || is_published || is_money {
        return false;
    }
    let of_family = |name: &str| {
        let own = ColumnType::parse(name);
        FAMILIES.iter().position(|family| !own.is_array && family.contains(&&*own.base))
    };
    let is_related = of_family(&column.data_type).is_some_and(|own| of_family(data_type) == Some(own));
    dependents.iter().all(|object| {
        check();
        !computes_with(*object, &column.name) || (is_related && !calls_functions(*object))
    })
}

/// Returns whether an expression or a query of an object names a column.
fn computes_with(object: ObjectRef<'_>, column: &str) -> bool {
    if let ObjectRef::Table(table) = object {
        let mut generated = table.columns.iter().filter(|own| own.generated.is_some());
        return generated.any(|own| own.default.as_deref().is_some_and(|text| names(text, column)));
    }
    object.texts().into_iter().any(|text| names(text, column))
}

/// Returns whether the name of a column is a word of a text.
fn names(text: &str, column: &str) -> bool {
    let word = ident(column);
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '"');
    text.match_indices(&*word).any(|(at, _)| {
        let (before, behind) = (&text[..at], &text[at + word.len()..]);
        !before.ends_with(is_part) && !behind.starts_with(is_part)
    })
}

/// Returns whether an object calls functions of users.
fn calls_functions(object: ObjectRef<'_>) -> bool {
    let is_function = |key: &ObjectKey| key.kind == ObjectKind::Function;
    let mut found = object.object().shared().depends_on.iter().any(is_function);
    object.each_expression(&mut |_, keys| found |= keys.iter().any(is_function));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_words_of_expressions() {
        for (text, column, expected) in [
            ("(a > 0)", "a", true),
            ("(ab > 0)", "a", false),
            ("(\"A b\" > 0)", "A b", true),
            ("lower(a)", "a", true),
            ("(a_b = 1)", "a", false),
        ] {
            assert_eq!(names(text, column), expected, "{text} {column}");
        }
    }
}
