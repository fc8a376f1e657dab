//! Writes values of the server as JSON: strings, documents and arrays. `jsonl` reads them.

use std::io::Write;

use memchr::{memchr2, memmem};
use serde::{Deserialize, Serialize};

/// The kind of an array's elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Element {
    Bool,
    Number,
    Document,
    /// Any other type, as text.
    Text,
}

/// Returns the position of the first character that JSON escapes.
fn escaped_at(text: &[u8]) -> Option<usize> {
    let is_escaped = |byte: &u8| (*byte < b' ') | (*byte == b'"') | (*byte == b'\\');
    let (chunks, _) = text.as_chunks::<16>();
    // The compiler vectorizes a loop without an early exit.
    let plain = chunks.iter().take_while(|chunk| !chunk.iter().fold(false, |any, byte| any | is_escaped(byte))).count();
    let from = plain * 16;
    text[from..].iter().position(is_escaped).map(|at| from + at)
}

/// Writes a JSON string as the server's `escape_json` does.
pub fn json_string(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    let mut rest = text;
    while let Some(at) = escaped_at(rest) {
        out.extend_from_slice(&rest[..at]);
        match rest[at] {
            b'\x08' => out.extend_from_slice(b"\\b"),
            b'\x0c' => out.extend_from_slice(b"\\f"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            byte @ (b'"' | b'\\') => out.extend([b'\\', byte]),
            byte => {
                let _ = write!(out, "\\u{byte:04x}");
            }
        }
        rest = &rest[at + 1..];
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

/// Writes a json or jsonb value. A single token or object or array stays as it is, if it has no line break and no white
/// space around it. Anything else becomes a string with the text: strings, the JSON null, and values that other parsers
/// reject.
pub fn write_document(text: &[u8], out: &mut Vec<u8>) {
    if stands_for_itself(text) {
        out.extend_from_slice(text);
    } else {
        json_string(text, out);
    }
}

fn stands_for_itself(text: &[u8]) -> bool {
    let (Some(first), Some(last)) = (text.first(), text.last()) else { return false };
    matches!(first, b'{' | b'[' | b'-' | b'0'..=b'9' | b't' | b'f')
        && !last.is_ascii_whitespace()
        && memchr2(b'\n', b'\r', text).is_none()
        && !memmem::find_iter(text, b"\\u").any(|at| is_refused(&text[at + 2..]))
}

/// Returns whether hexadecimal digits stand for NUL or for a surrogate, which is half a character.
fn is_refused(digits: &[u8]) -> bool {
    digits.starts_with(b"0000")
        || (matches!(digits.first(), Some(b'd' | b'D'))
            && matches!(digits.get(1), Some(b'8'..=b'9' | b'a'..=b'f' | b'A'..=b'F')))
}

/// Writes the text of an array. It becomes a JSON array if all subscripts begin with 1, or else a string.
pub fn write_array(text: &[u8], of: Element, out: &mut Vec<u8>) {
    let start = out.len();
    if text.first() != Some(&b'{') || elements_to_json(text, of, out).is_none() {
        out.truncate(start);
        json_string(text, out);
    }
}

fn elements_to_json(text: &[u8], of: Element, out: &mut Vec<u8>) -> Option<()> {
    let mut at = 0;
    loop {
        match *text.get(at)? {
            // A nested array of documents would look like an array of documents that are arrays.
            b'{' if at > 0 && of == Element::Document => return None,
            b'{' => {
                out.push(b'[');
                at += 1;
            }
            b'}' => {
                out.push(b']');
                at += 1;
                if at == text.len() {
                    return Some(());
                }
            }
            b',' => {
                out.push(b',');
                at += 1;
            }
            b'"' => {
                let (element, length) = quoted_element(&text[at..])?;
                write_element(&element, of, out);
                at += length;
            }
            _ => {
                let length = memchr2(b',', b'}', &text[at..])?;
                match &text[at..at + length] {
                    b"NULL" => out.extend_from_slice(b"null"),
                    element => write_element(element, of, out),
                }
                at += length;
            }
        }
    }
}

/// Returns a quoted element without its quotes, and its length with them.
fn quoted_element(text: &[u8]) -> Option<(Vec<u8>, usize)> {
    let mut element = Vec::new();
    let mut at = 1;
    loop {
        let special = at + memchr2(b'"', b'\\', &text[at..])?;
        element.extend_from_slice(&text[at..special]);
        if text[special] == b'"' {
            return Some((element, special + 1));
        }
        element.push(*text.get(special + 1)?);
        at = special + 2;
    }
}

fn write_element(element: &[u8], of: Element, out: &mut Vec<u8>) {
    match (of, element) {
        (Element::Bool, b"t") => out.extend_from_slice(b"true"),
        (Element::Bool, b"f") => out.extend_from_slice(b"false"),
        (Element::Number, _) if element.last().is_some_and(u8::is_ascii_digit) => out.extend_from_slice(element),
        (Element::Document, _) => write_document(element, out),
        _ => json_string(element, out),
    }
}
