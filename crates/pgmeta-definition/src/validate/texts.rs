//! Texts of SQL in a document: each must be one expression or query, so that a statement which contains it is still one statement.

use pgmeta_core::interrupt::check as check_interrupts;
use pgmeta_core::lexer::code;
use serde_json::Value;

use crate::validate::Findings;

/// The keys whose texts are parts of statements.
const KEYS: [&str; 17] = [
    "bound",
    "checks",
    "collation",
    "default",
    "definition",
    "expression",
    "function",
    "generated",
    "operator_class",
    "partition_by",
    "query",
    "returns",
    "type",
    "using",
    "when",
    "where",
    "with_check",
];

/// The keys whose values tools keep for themselves.
const FOREIGN: [&str; 2] = ["labels", "position"];

pub(super) fn check(document: &Value, findings: &mut Findings) {
    walk(document, "", false, findings);
}

/// Judges a value; `is_sql` says whether a text there is SQL.
fn walk(value: &Value, path: &str, is_sql: bool, findings: &mut Findings) {
    match value {
        Value::String(text) if is_sql => {
            if let Some(message) = fault(text) {
                let hint =
                    "Write one expression or query, with all its parentheses and quotes, and without a semicolon.";
                findings.error(path, "INVALID_EXPRESSION", message.to_owned(), hint);
            }
        }
        Value::Array(items) => {
            check_interrupts();
            for (at, item) in items.iter().enumerate() {
                walk(item, &format!("{path}/{at}"), is_sql, findings);
            }
        }
        Value::Object(fields) => {
            for (key, item) in fields.iter().filter(|(key, _)| !FOREIGN.contains(&key.as_str())) {
                let is_sql = KEYS.contains(&key.as_str());
                walk(item, &format!("{path}/{key}"), is_sql, findings);
            }
        }
        _ => {}
    }
}

/// Returns why a text is not one expression.
fn fault(text: &str) -> Option<&'static str> {
    let closed = format!("{text};");
    let (mut depth, mut end) = (0_i64, 0);
    for (at, byte) in code(&closed) {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth -= 1,
            b';' if at < text.len() => return Some("The text has a semicolon outside of quotes."),
            _ => {}
        }
        if depth < 0 {
            return Some("The text closes a parenthesis that it does not open.");
        }
        end = at;
    }
    if end < text.len() {
        Some("The text ends inside a quote or a comment.")
    } else {
        (depth > 0).then_some("The text does not close a parenthesis.")
    }
}
