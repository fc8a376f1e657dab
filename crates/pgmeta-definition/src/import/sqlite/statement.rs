//! What SQLite says in its statements only: names of constraints, conditions, generated columns, expressions of indexes. The library
//! has no other form of these.

use pgmeta_core::interrupt::check;

use super::token::{Kind, Token, group, items};

/// What a CREATE TABLE says beyond the library's rows.
#[derive(Debug, Default)]
pub struct TableText<'s> {
    pub checks: Vec<Condition<'s>>,
    /// The expressions of generated columns, with their columns.
    pub generated: Vec<(String, Vec<Token<'s>>)>,
    /// The name of the primary key.
    pub key_name: Option<String>,
    /// The names of unique constraints of the table, with their columns.
    pub unique_names: Vec<(String, Vec<String>)>,
    /// One for each foreign key, in order.
    pub foreign_keys: Vec<ForeignKeyText>,
    /// Whether a constraint has ON CONFLICT.
    pub has_conflict_clause: bool,
    /// Whether the types of columns are enforced.
    pub is_strict: bool,
    /// Whether rows have no number besides the key.
    pub without_rowid: bool,
}

/// A check.
#[derive(Debug)]
pub struct Condition<'s> {
    pub name: Option<String>,
    pub tokens: Vec<Token<'s>>,
}

/// What only the statement says of a foreign key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ForeignKeyText {
    pub name: Option<String>,
    pub deferrable: bool,
    pub initially_deferred: bool,
}

/// Reads a CREATE TABLE.
pub fn table_text<'s>(all: &[Token<'s>]) -> TableText<'s> {
    let mut text = TableText::default();
    let body = all.iter().position(|token| token.is("(")).and_then(|at| group(all.get(at..)?));
    let (inner, options) = body.unwrap_or_default();
    text.is_strict = options.iter().any(|token| token.is("STRICT"));
    text.without_rowid = options.windows(2).any(|own| matches!(own, [a, b] if a.is("WITHOUT") && b.is("ROWID")));
    for item in items(inner) {
        check();
        let is_constraint = item.first().is_some_and(|token| {
            ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"].iter().any(|word| token.is(word))
        });
        let column = item.first().filter(|_| !is_constraint).map(Token::value);
        text.read(item.get(usize::from(!is_constraint)..).unwrap_or_default(), column.as_deref());
    }
    text
}

impl<'s> TableText<'s> {
    /// Reads the constraints of a column, or of the table.
    fn read(&mut self, mut rest: &[Token<'s>], column: Option<&str>) {
        let mut name = None;
        while let Some((token, after)) = rest.split_first() {
            check();
            // Lengths of types, lists of columns, expressions of defaults.
            if let Some((_, after)) = group(rest) {
                rest = after;
                continue;
            }
            rest = after;
            if token.is("CONSTRAINT") {
                name = after.first().map(Token::value);
                rest = after.get(1..).unwrap_or_default();
            } else if token.is("CHECK") {
                rest = self.read_check(after, &mut name);
            } else if token.is("AS") {
                let Some((inner, after)) = group(after) else { continue };
                self.generated.extend(column.map(|column| (column.to_owned(), inner.to_vec())));
                rest = after;
            } else if token.is("PRIMARY") {
                self.key_name = self.key_name.take().or(name.take());
            } else if token.is("UNIQUE") {
                let columns = group(after).map(|(inner, _)| items(inner)).unwrap_or_default();
                let columns: Vec<String> = columns.iter().filter_map(|own| own.first()).map(Token::value).collect();
                let columns =
                    if columns.is_empty() { column.map(str::to_owned).into_iter().collect() } else { columns };
                self.unique_names.extend(name.take().map(|name| (name, columns)));
            } else if token.is("REFERENCES") {
                self.foreign_keys.push(ForeignKeyText { name: name.take(), ..ForeignKeyText::default() });
            } else if token.is("DEFERRABLE") {
                self.defer(after);
            } else if token.is("CONFLICT") {
                self.has_conflict_clause = true;
            } else if token.is("NULL") || token.is("DEFAULT") || token.is("COLLATE") {
                name = None;
            } else if token.is("NOT") && after.first().is_some_and(|next| next.is("DEFERRABLE")) {
                rest = after.get(1..).unwrap_or_default();
            }
        }
    }

    fn read_check<'t>(&mut self, after: &'t [Token<'s>], name: &mut Option<String>) -> &'t [Token<'s>] {
        let Some((inner, after)) = group(after) else { return after };
        self.checks.push(Condition { name: name.take(), tokens: inner.to_vec() });
        after
    }

    fn defer(&mut self, after: &[Token<'s>]) {
        let Some(own) = self.foreign_keys.last_mut() else { return };
        own.deferrable = true;
        own.initially_deferred = matches!(after, [first, second, ..] if first.is("INITIALLY") && second.is("DEFERRED"));
    }
}

/// The columns of a CREATE INDEX, without collations and orders, and its condition.
pub fn index_text<'s>(all: &[Token<'s>]) -> (Vec<Vec<Token<'s>>>, Vec<Token<'s>>) {
    let body = all.iter().position(|token| token.is("(")).and_then(|at| group(all.get(at..)?));
    let Some((inner, after)) = body else { return (Vec::new(), Vec::new()) };
    let condition = after.iter().position(|token| token.is("WHERE")).and_then(|at| after.get(at + 1..));
    let columns = items(inner).into_iter().map(|item| {
        let end = |token: &Token<'_>| token.is("COLLATE") || token.is("ASC") || token.is("DESC");
        item.get(..item.iter().position(end).unwrap_or(item.len())).unwrap_or_default().to_vec()
    });
    (columns.collect(), condition.unwrap_or_default().to_vec())
}

/// The columns that a CREATE VIEW names, and its query.
pub fn view_text<'s>(all: &[Token<'s>]) -> (Vec<String>, Vec<Token<'s>>) {
    let Some(at) = all.iter().position(|token| token.is("AS")) else { return (Vec::new(), Vec::new()) };
    let head = all.get(..at).unwrap_or_default();
    let names = head.iter().position(|token| token.is("(")).and_then(|at| group(head.get(at..)?));
    let is_name = |token: &&Token<'_>| token.kind != Kind::Symbol;
    let names = names.map(|(inner, _)| inner.iter().filter(is_name).map(Token::value).collect());
    (names.unwrap_or_default(), all.get(at + 1..).unwrap_or_default().to_vec())
}

/// Returns the text of a part of a statement.
pub fn written(sql: &str, part: &[Token<'_>]) -> String {
    let start = part.first().map_or(0, |token| token.start);
    let end = part.last().map_or(0, |token| token.start + token.text.len());
    sql.get(start..end).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::token::tokens;
    use super::*;

    #[test]
    fn a_table_says_what_the_library_does_not() {
        let sql = "CREATE TABLE t (a INTEGER CONSTRAINT k PRIMARY KEY ON CONFLICT ABORT, \"check\" DECIMAL(10, 2) DEFAULT (1 + 2)
            CHECK (a > (0)), c AS (a * 2) STORED, d REFERENCES o NOT DEFERRABLE REFERENCES p (x) DEFERRABLE INITIALLY DEFERRED,
            CONSTRAINT u UNIQUE (a, c) CONSTRAINT ck CHECK (a <> 1), FOREIGN KEY (a) REFERENCES q DEFERRABLE)";
        let all = tokens(sql);
        let text = table_text(&all);
        assert_eq!(text.key_name.as_deref(), Some("k"));
        assert!(text.has_conflict_clause && !text.is_strict && !text.without_rowid);
        let options = tokens("CREATE TABLE t(a, strict) without -- x\n ROWID, Strict");
        let options = table_text(&options);
        assert!(options.is_strict && options.without_rowid);
        let checks: Vec<_> = text.checks.iter().map(|own| (own.name.as_deref(), written(sql, &own.tokens))).collect();
        assert_eq!(checks, [(None, "a > (0)".to_owned()), (Some("ck"), "a <> 1".to_owned())]);
        assert_eq!(text.unique_names, [("u".to_owned(), vec!["a".to_owned(), "c".to_owned()])]);
        assert_eq!(text.generated.first().map(|own| own.0.as_str()), Some("c"));
        let deferred: Vec<_> = text.foreign_keys.iter().map(|own| (own.deferrable, own.initially_deferred)).collect();
        assert_eq!(deferred, [(false, false), (true, true), (true, false)]);
    }

    #[test]
    fn an_index_and_a_view_have_their_parts() {
        let all = tokens("CREATE INDEX i ON t (a COLLATE NOCASE DESC, lower(b, 'x') ASC) WHERE a > 1");
        let (columns, condition) = index_text(&all);
        assert_eq!(columns.iter().map(Vec::len).collect::<Vec<_>>(), [1, 6]);
        assert_eq!(condition.len(), 3);
        let all = tokens("CREATE VIEW v (x, [y z]) AS SELECT a AS b FROM t");
        let (names, query) = view_text(&all);
        assert_eq!((names, query.len()), (vec!["x".to_owned(), "y z".to_owned()], 6));
    }
}
