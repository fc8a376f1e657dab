//! The safe form of a statement, as an edit of its text. Judges nothing.

use pgmeta_core::lexer::{Kind, code, pieces};
use pgmeta_core::model::ObjectKey;
use pgmeta_core::plan::Statement;

use crate::fix::Fix;

/// Returns a statement with CONCURRENTLY after the first of some words outside of names and texts.
pub(crate) fn with_concurrently(sql: &str, words: &[&str]) -> Option<Fix> {
    let end = end_of_word(sql, words)?;
    let (before, rest) = sql.split_at(end);
    Some(statements([format!("{before} CONCURRENTLY{rest}")]))
}

/// Returns whether a statement begins with some words, whatever comments and blanks are between them.
pub(crate) fn begins_with(sql: &str, words: &[&str]) -> bool {
    let code: String = pieces(sql).iter().filter(|own| own.kind == Kind::Code).map(|own| own.text).collect();
    let mut own = code.split_whitespace();
    words.iter().all(|word| own.next().is_some_and(|own| own.eq_ignore_ascii_case(word)))
}

/// Returns statements in order.
pub(crate) fn statements(texts: impl IntoIterator<Item = String>) -> Fix {
    let statement = |text: String| Statement::new(&ObjectKey::default(), text);
    texts.into_iter().fold(Fix::default(), |fix, text| fix.and(statement(text)))
}

/// Returns where the first of some words ends.
fn end_of_word(sql: &str, words: &[&str]) -> Option<usize> {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80;
    let (mut start, mut end) = (0, 0);
    let is_word = |start: usize, end: usize| {
        sql.get(start..end).is_some_and(|own| words.iter().any(|word| own.eq_ignore_ascii_case(word))).then_some(end)
    };
    for (at, _) in code(sql).filter(|(_, byte)| is_part(*byte)) {
        if at != end {
            if let Some(end) = is_word(start, end) {
                return Some(end);
            }
            start = at;
        }
        end = at + 1;
    }
    is_word(start, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_names_and_texts_do_not_count() {
        for (sql, expected) in [
            ("create index i on t (a)", Some("create index CONCURRENTLY i on t (a);")),
            (
                "CREATE /* INDEX */ UNIQUE INDEX\n\"INDEX\" ON t (a)",
                Some("CREATE /* INDEX */ UNIQUE INDEX CONCURRENTLY\n\"INDEX\" ON t (a);"),
            ),
            ("DROP INDEX\"a b\"", Some("DROP INDEX CONCURRENTLY\"a b\";")),
            ("SELECT 'INDEX', my_index, indexes", None),
        ] {
            assert_eq!(with_concurrently(sql, &["INDEX"]).map(|fix| fix.sql()).as_deref(), expected, "{sql}");
        }
    }
}
