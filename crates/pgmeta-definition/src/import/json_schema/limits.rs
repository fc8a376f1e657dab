//! The checks that the limits of a property come to. A keyword that has no meaning for the type is not read.

use pgmeta_core::ident::{Name, ident, literal};
use serde_json::{Number, Value};

use super::property::DataType;
use super::value::{Class, literal_of};
use crate::constraint::{CheckDefinition, FullCheck};
use crate::import::keys::Keys;

/// Returns the checks.
pub fn checks(keys: &mut Keys<'_>, column: &Name, data_type: &DataType) -> Vec<CheckDefinition> {
    let name = ident(column);
    let mut all = values(keys, &name, data_type);
    match data_type.class {
        Class::Integer | Class::Number => {
            all.extend(numbers(keys, &name));
            let divisor = keys.find("multipleOf", |own| own.as_number().filter(|own| is_positive(own)));
            // There is no remainder of floating point numbers.
            let dividend = if matches!(data_type.class, Class::Number) { format!("{name}::numeric") } else { name };
            all.extend(divisor.map(|divisor| format!("{dividend} % {divisor} = 0")));
        }
        Class::Text => {
            let least = keys.number("minLength", 0, u64::MAX).filter(|length| *length > 0);
            all.extend(least.map(|length| format!("length({name}) >= {length}")));
            if !data_type.sql.ends_with(')') {
                let most = keys.number("maxLength", 0, u64::MAX);
                all.extend(most.map(|length| format!("length({name}) <= {length}")));
            }
            let pattern = keys.text("pattern").filter(|own| !own.contains('\0'));
            all.extend(pattern.map(|pattern| format!("{name} ~ {}", literal(pattern))));
        }
        Class::Array(_) => {
            let least = keys.number("minItems", 0, u64::MAX).filter(|count| *count > 0);
            all.extend(least.map(|count| format!("cardinality({name}) >= {count}")));
            let most = keys.number("maxItems", 0, u64::MAX);
            all.extend(most.map(|count| format!("cardinality({name}) <= {count}")));
        }
        _ => {}
    }
    // Values may repeat, and so they may without the keyword.
    keys.find("uniqueItems", |own| (*own == Value::Bool(false)).then_some(()));
    let check = |expression| CheckDefinition(FullCheck { expression, ..FullCheck::default() });
    all.into_iter().map(check).collect()
}

/// The values that a schema lists, or the only one. Null may be among them: a check lets it pass.
fn values(keys: &mut Keys<'_>, name: &str, data_type: &DataType) -> Vec<String> {
    let sql = |values: &[Value]| -> Option<Vec<String>> {
        values.iter().filter(|own| !own.is_null()).map(|own| literal_of(own, data_type)).collect()
    };
    let listed = keys.find("enum", |own| sql(own.as_array()?).filter(|own| !own.is_empty()));
    let only = keys.find("const", |own| sql(std::slice::from_ref(own))?.pop());
    let listed = listed.map(|values| format!("{name} IN ({})", values.join(", ")));
    listed.into_iter().chain(only.map(|value| format!("{name} = {value}"))).collect()
}

fn numbers(keys: &mut Keys<'_>, name: &str) -> Vec<String> {
    let mut all = Vec::new();
    for (key, exclusive, operator, strict) in
        [("minimum", "exclusiveMinimum", ">=", ">"), ("maximum", "exclusiveMaximum", "<=", "<")]
    {
        let limit = keys.find(key, Value::as_number);
        // Draft 4 has a boolean: whether the limit itself is excluded.
        let excludes = keys.peek(exclusive).and_then(Value::as_bool).filter(|own| !own || limit.is_some());
        if excludes.is_some() {
            keys.mark(exclusive);
        }
        let operator = if excludes == Some(true) { strict } else { operator };
        all.extend(limit.map(|limit| format!("{name} {operator} {limit}")));
        let limit = keys.find(exclusive, Value::as_number);
        all.extend(limit.map(|limit| format!("{name} {strict} {limit}")));
    }
    all
}

fn is_positive(number: &Number) -> bool {
    number.as_f64().is_some_and(|own| own > 0.0)
}
