//! Check constraints in the form of CREATE TABLE and ADD CONSTRAINT.

use crate::lexer::code;
use crate::model::Constraint;

/// Returns a check in the form of CREATE TABLE and ADD CONSTRAINT.
pub fn check_clause(check: &Constraint) -> String {
    let condition = check.expression.as_deref().unwrap_or("(true)");
    // The server's text has parentheses unless it is a bare function call or boolean.
    let mut text =
        if is_parenthesized(condition) { format!("CHECK {condition}") } else { format!("CHECK ({condition})") };
    if check.no_inherit {
        text.push_str(" NO INHERIT");
    }
    text.push_str(state_clauses(check));
    text
}

/// Returns whether one pair of parentheses encloses the whole text.
pub fn is_parenthesized(text: &str) -> bool {
    if !text.starts_with('(') || !text.ends_with(')') {
        return false;
    }
    let mut depth = 0usize;
    for (at, byte) in code(text) {
        match byte {
            b'(' => depth += 1,
            b')' => {
                depth = depth.saturating_sub(1);
                if depth == 0 && at + 1 < text.len() {
                    return false;
                }
            }
            _ => {}
        }
    }
    depth == 0
}

/// Returns the words for a constraint that is not valid or not enforced.
pub fn state_clauses(constraint: &Constraint) -> &'static str {
    // NOT ENFORCED implies NOT VALID.
    match (constraint.not_enforced, constraint.not_valid) {
        (true, _) => " NOT ENFORCED",
        (false, true) => " NOT VALID",
        (false, false) => "",
    }
}
