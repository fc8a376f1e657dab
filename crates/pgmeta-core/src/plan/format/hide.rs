//! Statements in which a tool finds nothing to interpret. One way for all tools: a statement with such a text is written on one line,
//! with escapes in literals, names and bodies. If that is not enough, the server assembles the statement. A statement that has
//! neither form is refused.

use crate::ident::literal;
use crate::lexer::{Kind, has_word, one_line, pieces};

/// What a tool interprets in its files.
#[derive(Clone, Copy, Debug)]
pub struct Tool {
    /// Returns whether the tool would interpret a line, or change it.
    pub reads: fn(&str) -> bool,
    /// Words that the tool interprets anywhere in a text, in any case.
    pub words: &'static [&'static str],
    /// Returns whether the tool would not find the end of a statement with this code, which has blanks in place of literals, names,
    /// bodies and comments.
    pub loses: fn(&str) -> bool,
}

/// A tool that sends a file unchanged.
pub const BLIND: Tool = Tool { reads: |_| false, words: &[], loses: |_| false };

impl Tool {
    /// Returns the statement in a form that is safe for the tool, or `None` if it has none.
    pub fn hide(&self, sql: &str, in_transaction: bool) -> Option<String> {
        if self.is_clean(sql) {
            return Some(sql.to_owned());
        }
        let line = one_line(sql, self.words).filter(|line| self.is_clean(line));
        line.or_else(|| if in_transaction { self.executed(sql) } else { None })
    }

    /// Returns whether the tool finds nothing to interpret in a text.
    pub fn is_clean(&self, sql: &str) -> bool {
        !(self.reads)(sql) && !has_word(sql, self.words) && !(self.loses)(&code(sql))
    }

    /// Returns a DO block that executes the statement.
    fn executed(&self, sql: &str) -> Option<String> {
        let mut tag = String::from("$run$");
        while sql.contains(&tag) {
            tag.insert(tag.len() - 1, 'n');
        }
        let block = |literal: &str| format!("DO {tag}BEGIN EXECUTE {literal}; END{tag}");
        let forms = [literal(sql), crate::lexer::escaped(sql, self.words)];
        forms.iter().map(|literal| block(literal)).find(|block| self.is_clean(block))
    }
}

/// Returns the code of a statement, with one blank for any text between words.
fn code(sql: &str) -> String {
    let mut code = String::new();
    for piece in pieces(sql) {
        code.push_str(if piece.kind == Kind::Code { piece.text } else { " " });
    }
    code.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns whether a statement has an SQL-standard body, whose semicolons end no statement.
pub fn has_atomic_body(code: &str) -> bool {
    has_word(code, &["begin atomic"])
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: Tool =
        Tool { reads: |sql| sql.lines().any(|line| line.starts_with("--")), words: &["${"], loses: has_atomic_body };

    #[test]
    fn harmless_text_is_unchanged() {
        let sql = "SELECT 'a --\n', 'begin atomic'";
        assert_eq!(LINES.hide(sql, false).as_deref(), Some(sql));
        assert_eq!(BLIND.hide("--x", false).as_deref(), Some("--x"));
    }

    #[test]
    fn conflicting_lines_are_joined() {
        assert_eq!(LINES.hide("SELECT '\n--x'", false).as_deref(), Some("SELECT E'\\n--x'"));
    }

    #[test]
    fn an_sql_body_is_concatenated_by_the_server() {
        let sql = "CREATE FUNCTION f() BEGIN\n ATOMIC SELECT '$run$'; END";
        let block = "DO $runn$BEGIN EXECUTE 'CREATE FUNCTION f() BEGIN\n ATOMIC SELECT ''$run$''; END'; END$runn$";
        assert_eq!(LINES.hide(sql, true).as_deref(), Some(block));
        assert_eq!(LINES.hide(sql, false), None);
        let sql = "CREATE FUNCTION f() BEGIN ATOMIC SELECT '\n--${'; END";
        let block = "DO $run$BEGIN EXECUTE E'CREATE FUNCTION f() BEGIN ATOMIC SELECT ''\\n--\\x24{''; END'; END$run$";
        assert_eq!(LINES.hide(sql, true).as_deref(), Some(block));
    }
}
