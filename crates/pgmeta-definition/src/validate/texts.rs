//! Texts of SQL in a document: each must be one expression or query, so that a statement which contains it is still one statement.

use pgmeta_core::interrupt::check as check_interrupts;
use pgmeta_core::lexer::{PartFault, part_fault};
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
    part_fault(text).map(|fault| match fault {
        PartFault::Semicolon => "The text has a semicolon outside of quotes.",
        PartFault::Closes => "The text closes a parenthesis that it does not open.",
        PartFault::Unclosed => "The text does not close a parenthesis.",
        PartFault::Unfinished => "The text ends inside a quote or a comment.",
    })
}
