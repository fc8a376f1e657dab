//! Reads lines of JSON: converts a line to the text that input functions read. Values that `json` wrote are read without a
//! loss; docs/storage.md has the rules.

use std::borrow::Cow;

use memchr::{memchr2, memchr3};

use crate::format::Field;
use crate::json::Element;
use crate::value::Kind;

/// The line is not one that pgmeta wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line is not valid JSON")]
pub struct Malformed;

/// Calls `visit` for the values of a line in the order of the fields, as text for their input functions; `None` is NULL.
pub fn each_value<'a>(
    line: &'a [u8],
    fields: &[Field],
    mut visit: impl FnMut(usize, Option<Cow<'a, [u8]>>) -> Result<(), Malformed>,
) -> Result<(), Malformed> {
    let mut rest = line.strip_prefix(b"{").ok_or(Malformed)?;
    for (at, field) in fields.iter().enumerate() {
        if at > 0 {
            rest = rest.strip_prefix(b",").ok_or(Malformed)?;
        }
        rest = rest.strip_prefix(field.key()).ok_or(Malformed)?;
        let token = &rest[..token_length(rest)?];
        rest = &rest[token.len()..];
        visit(at, text_of(token, field.kind)?)?;
    }
    if rest == b"}\n" { Ok(()) } else { Err(Malformed) }
}

/// Returns the length of the first value.
fn token_length(text: &[u8]) -> Result<usize, Malformed> {
    match text.first() {
        Some(b'"') => string_length(text),
        Some(b'{' | b'[') => {
            let (mut depth, mut at) = (0usize, 0);
            loop {
                match *text.get(at).ok_or(Malformed)? {
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => depth -= 1,
                    b'"' => {
                        at += string_length(&text[at..])?;
                        continue;
                    }
                    _ => {}
                }
                at += 1;
                if depth == 0 {
                    return Ok(at);
                }
            }
        }
        _ => memchr3(b',', b'}', b']', text).ok_or(Malformed),
    }
}

/// Returns the length of the first string, including its quotes.
fn string_length(text: &[u8]) -> Result<usize, Malformed> {
    let mut at = 1;
    loop {
        at += memchr2(b'"', b'\\', text.get(at..).ok_or(Malformed)?).ok_or(Malformed)?;
        if text[at] == b'"' {
            return Ok(at + 1);
        }
        at += 2;
    }
}

fn text_of(token: &[u8], kind: Kind) -> Result<Option<Cow<'_, [u8]>>, Malformed> {
    Ok(Some(match (token.first(), kind) {
        (Some(b'"'), _) => string(token)?,
        (Some(b'n'), _) => return Ok(None),
        (Some(b'['), Kind::Array(of)) => Cow::Owned(array_of(token, of)?),
        (Some(_), _) => Cow::Borrowed(token),
        (None, _) => return Err(Malformed),
    }))
}

/// Returns the content of a string. Its escapes are those of [`crate::json::json_string`], each a single byte.
fn string(token: &[u8]) -> Result<Cow<'_, [u8]>, Malformed> {
    let inner = token.get(1..token.len() - 1).ok_or(Malformed)?;
    let Some(first) = memchr::memchr(b'\\', inner) else { return Ok(Cow::Borrowed(inner)) };
    let mut text = inner[..first].to_vec();
    let mut rest = &inner[first..];
    while let Some((&byte, after)) = rest.split_first() {
        if byte != b'\\' {
            let plain = memchr::memchr(b'\\', rest).unwrap_or(rest.len());
            text.extend_from_slice(&rest[..plain]);
            rest = &rest[plain..];
            continue;
        }
        let (&escaped, after) = after.split_first().ok_or(Malformed)?;
        rest = after;
        text.push(match escaped {
            b'b' => b'\x08',
            b'f' => b'\x0c',
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'u' => {
                let digits = rest.get(..4).and_then(|digits| std::str::from_utf8(digits).ok()).ok_or(Malformed)?;
                rest = &rest[4..];
                u8::from_str_radix(digits, 16).map_err(|_| Malformed)?
            }
            byte => byte,
        });
    }
    Ok(Cow::Owned(text))
}

/// Returns a JSON array as text for an array's input function.
fn array_of(token: &[u8], of: Element) -> Result<Vec<u8>, Malformed> {
    let mut text = Vec::with_capacity(token.len());
    let mut at = 0;
    while let Some(&byte) = token.get(at) {
        match byte {
            b'[' => {
                // A document may be an array itself: the brackets do not show where the outer array ends.
                if of == Element::Document {
                    return documents_of(token);
                }
                text.push(b'{');
            }
            b']' => text.push(b'}'),
            b',' => text.push(b','),
            b'"' => {
                let length = string_length(&token[at..])?;
                quote(&string(&token[at..at + length])?, &mut text);
                at += length;
                continue;
            }
            _ => {
                let length = memchr2(b',', b']', &token[at..]).ok_or(Malformed)?;
                match &token[at..at + length] {
                    b"null" => text.extend_from_slice(b"NULL"),
                    element => text.extend_from_slice(element),
                }
                at += length;
                continue;
            }
        }
        at += 1;
    }
    Ok(text)
}

/// Likewise for an array of documents, which always has one dimension.
fn documents_of(token: &[u8]) -> Result<Vec<u8>, Malformed> {
    let mut text = vec![b'{'];
    let mut at = 1;
    while token.get(at) != Some(&b']') {
        if at > 1 {
            text.push(b',');
            at += 1;
        }
        let length = token_length(token.get(at..).ok_or(Malformed)?)?;
        match text_of(&token[at..at + length], Kind::Document)? {
            None => text.extend_from_slice(b"NULL"),
            Some(element) => quote(&element, &mut text),
        }
        at += length;
    }
    text.push(b'}');
    if at + 1 == token.len() { Ok(text) } else { Err(Malformed) }
}

fn quote(element: &[u8], text: &mut Vec<u8>) {
    text.push(b'"');
    for &byte in element {
        if matches!(byte, b'"' | b'\\') {
            text.push(b'\\');
        }
        text.push(byte);
    }
    text.push(b'"');
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::format::Format;
    use crate::value::Value;

    fn values_of(line: &[u8], fields: &[Field]) -> Vec<Option<String>> {
        let mut values = Vec::new();
        each_value(line, fields, |_, value| {
            values.push(value.map(|value| String::from_utf8(value.into_owned()).unwrap()));
            Ok(())
        })
        .unwrap();
        values
    }

    fn encoded(fields: &[Field], value: Option<&str>) -> Vec<u8> {
        let value = value.map_or(Value::Null, |text| Value::Text(text.as_bytes()));
        let mut out = Vec::new();
        Format::Jsonl.encode(fields, &vec![value; fields.len()], &mut out);
        out
    }

    /// Writes a value twice in a line, reads it back, and returns the line.
    fn line_of(kind: Kind, text: Option<&str>) -> String {
        let fields = [Field::new("a", kind, ""), Field::new("b,\"", kind, "")];
        let out = encoded(&fields, text);
        for value in values_of(&out, &fields) {
            match kind {
                // The text has more quotes than the server's, so the encoded forms are compared.
                Kind::Array(_) => assert_eq!(encoded(&fields, value.as_deref()), out),
                _ => assert_eq!(value.as_deref(), text),
            }
        }
        let line = String::from_utf8(out).unwrap();
        assert_eq!(line.matches('\n').count(), 1, "{line}");
        serde_json::from_str::<serde_json::Value>(&line).unwrap();
        line
    }

    fn written(kind: Kind, text: &str) -> String {
        let line = line_of(kind, Some(text));
        line.strip_prefix("{\"a\":").unwrap().split(",\"b,").next().unwrap().to_owned()
    }

    /// All short texts of characters that are special in JSON or in arrays.
    #[test]
    fn every_short_text_is_read_back_unchanged() {
        let alphabet: Vec<char> = "\"\\{}[],:nu0 \n\t\u{1}é".chars().collect();
        let count = alphabet.len();
        for number in 0..count.pow(4) {
            let text: String = (0..4).map(|at| alphabet[number / count.pow(at) % count]).collect();
            let text = text.trim_start_matches('n');
            assert_eq!(
                values_of(
                    &encoded(&[Field::new("x", Kind::Other, "")], Some(text)),
                    &[Field::new("x", Kind::Other, "")]
                ),
                [Some(text.to_owned())]
            );
            let mut array = b"{".to_vec();
            quote(text.as_bytes(), &mut array);
            array.extend_from_slice(b",NULL,");
            quote(text.as_bytes(), &mut array);
            array.push(b'}');
            for of in [Element::Text, Element::Bool] {
                let fields = [Field::new("x", Kind::Array(of), "")];
                let line = encoded(&fields, Some(std::str::from_utf8(&array).unwrap()));
                assert_eq!(values_of(&line, &fields), [Some(String::from_utf8(array.clone()).unwrap())]);
            }
        }
    }

    #[test]
    fn documents_are_read_back_unchanged() {
        let plain =
            ["{}", "[]", "1", "-1.50e+3", "true", "false", "{\"a\": [1,\t{\"b\": \"}]\\\"\"}]}", "[[[\"\\\\\"]]]"];
        for text in plain {
            assert_eq!(written(Kind::Document, text), text);
        }
        let other = [
            "null",
            "\"a\"",
            " 1",
            "{} ",
            "{}\n",
            "[1,\n2]",
            "[\r]",
            "\"\"",
            "\"null\"",
            "[\"\\u0000\"]",
            "[\"\\uD83D\"]",
            "\t\"\\\\n\"",
        ];
        for text in other {
            assert!(written(Kind::Document, text).starts_with('"'), "{text}");
        }
        assert_eq!(line_of(Kind::Document, None), "{\"a\":null,\"b,\\\"\":null}\n");
    }

    #[test]
    fn arrays_are_read_back_unchanged() {
        let of = |element, text| written(Kind::Array(element), text);
        assert_eq!(of(Element::Number, "{1,NULL,-2.50}"), "[1,null,-2.50]");
        assert_eq!(of(Element::Number, "{{1,2},{3,4}}"), "[[1,2],[3,4]]");
        assert_eq!(of(Element::Text, "{a,NULL}"), "[\"a\",null]");
        assert_eq!(of(Element::Text, "[0:1]={a,b}"), "\"[0:1]={a,b}\"");
        assert_eq!(of(Element::Number, "{}"), "[]");
        assert_eq!(of(Element::Document, "{{1},{2}}"), "\"{{1},{2}}\"");
    }
}
