//! The text of a conversion, statement by statement. Comments are in the script only, and end with their line.

use serde::Serialize;

use crate::loss::{Loss, Losses};

/// A schema in another dialect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Output {
    /// The whole script: statements, and comments for what is left out.
    pub sql: String,
    /// The statements in order, without comments and final semicolons.
    pub statements: Vec<String>,
    /// What did not come along, in the order of the snapshot.
    pub losses: Vec<Loss>,
}

/// The script while it grows.
#[derive(Debug, Default)]
pub(crate) struct Script {
    sql: String,
    statements: Vec<String>,
}

impl Script {
    /// Adds a statement.
    pub fn statement(&mut self, statement: String) {
        self.sql += &statement;
        self.sql += ";\n";
        self.statements.push(statement);
    }

    /// Adds a statement that must be alone in its batch, between lines of the word that ends one.
    pub fn batch(&mut self, statement: String, word: &str) {
        self.sql += &format!("{word}\n");
        self.statement(statement);
        self.sql += &format!("{word}\n");
    }

    /// Adds a comment: a text of any number of lines.
    pub fn comment(&mut self, text: &str) {
        for line in text.split(['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}']) {
            let line: String = line.chars().map(|c| if c.is_control() && c != '\t' { ' ' } else { c }).collect();
            self.sql += "-- ";
            self.sql += line.trim_end();
            // `-- ` alone would lose its blank, which MySQL requires.
            if line.trim_end().is_empty() {
                self.sql.push('.');
            }
            self.sql.push('\n');
        }
    }

    /// Adds an empty line, unless there is one.
    pub fn gap(&mut self) {
        if !self.sql.is_empty() && !self.sql.ends_with("\n\n") {
            self.sql.push('\n');
        }
    }

    /// Adds another script.
    pub fn append(&mut self, other: Self) {
        if !other.sql.starts_with('\n') {
            self.gap();
        }
        self.sql += &other.sql;
        self.statements.extend(other.statements);
    }

    /// Returns the finished text with its losses.
    pub fn finish(self, losses: Losses) -> Output {
        Output { sql: self.sql, statements: self.statements, losses: losses.sorted() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_end_with_their_line() {
        let mut script = Script::default();
        script.comment("check a:\n(a > 'x\r\nDROP TABLE t;\u{2028}DROP')\n\nend");
        script.statement("SELECT 1".to_owned());
        let output = script.finish(Losses::default());
        let comments = output.sql.lines().filter(|line| *line != "SELECT 1;");
        assert!(comments.into_iter().all(|line| line.starts_with("-- ")), "{}", output.sql);
        assert_eq!(output.statements, ["SELECT 1"]);
    }
}
