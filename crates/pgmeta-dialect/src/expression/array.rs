//! The text form of arrays: `{a,"b c",NULL}`. Arrays of one dimension only.

use serde_json::{Number, Value};

/// Returns the elements of an array of one dimension; `None` if it is something else.
pub(crate) fn elements_of(text: &str) -> Option<Vec<Option<String>>> {
    let inner = text.strip_prefix('{')?.strip_suffix('}')?;
    let (mut found, mut chars) = (Vec::new(), inner.chars().peekable());
    if inner.trim().is_empty() {
        return Some(found);
    }
    loop {
        let (mut element, mut is_quoted) = (String::new(), false);
        loop {
            match chars.next() {
                Some('{' | '}') => return None,
                Some('"') => {
                    is_quoted = true;
                    loop {
                        match chars.next()? {
                            '"' => break,
                            '\\' => element.push(chars.next()?),
                            c => element.push(c),
                        }
                    }
                }
                Some('\\') => element.push(chars.next()?),
                Some(',') => {
                    found.push(value(element, is_quoted));
                    break;
                }
                Some(c) => element.push(c),
                None => {
                    found.push(value(element, is_quoted));
                    return Some(found);
                }
            }
        }
    }
}

fn value(element: String, is_quoted: bool) -> Option<String> {
    (is_quoted || !element.eq_ignore_ascii_case("null")).then_some(element)
}

/// Returns an array as JSON. Numbers and booleans are such in JSON if `plain` says that the elements are.
pub(crate) fn json_of_array(text: &str, plain: bool) -> Option<String> {
    let element = |own: Option<String>| match own {
        None => Some(Value::Null),
        Some(text) if plain => match text.as_str() {
            "t" | "true" => Some(Value::Bool(true)),
            "f" | "false" => Some(Value::Bool(false)),
            number => number.parse::<i64>().ok().map(|number| Value::Number(Number::from(number))),
        },
        Some(text) => Some(Value::String(text)),
    };
    let all: Option<Vec<Value>> = elements_of(text)?.into_iter().map(element).collect();
    Some(Value::Array(all?).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_are_read() {
        let json = |text: &str, plain| json_of_array(text, plain);
        assert_eq!(json("{}", false).as_deref(), Some("[]"));
        assert_eq!(
            json("{a,\"b \\\"c\\\",d\",NULL,\"NULL\"}", false).as_deref(),
            Some(r#"["a","b \"c\",d",null,"NULL"]"#)
        );
        assert_eq!(json("{1,-2,NULL}", true).as_deref(), Some("[1,-2,null]"));
        assert_eq!(json("{t,f}", true).as_deref(), Some("[true,false]"));
        assert_eq!(json("{{1},{2}}", true), None);
        assert_eq!(json("{1.5}", true), None);
        assert_eq!(json("[0:1]={1,2}", true), None);
    }
}
