//! The form of a statement that can run inside a transaction, for rehearsals: it blocks, but has the same result.

use crate::lexer::code;

/// Returns a statement without CONCURRENTLY, or `None` if it does not contain the word.
pub fn transactional_form(sql: &str) -> Option<String> {
    const WORD: &str = "CONCURRENTLY";
    let bytes = sql.as_bytes();
    let is_word = |at: usize| bytes.get(at).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_' || !b.is_ascii());
    for (at, _) in code(sql) {
        let begins = at.checked_sub(1).is_none_or(|before| !is_word(before));
        let own = bytes.get(at..at + WORD.len()).is_some_and(|own| own.eq_ignore_ascii_case(WORD.as_bytes()));
        if begins && own && !is_word(at + WORD.len()) {
            let rest = &sql[at + WORD.len()..];
            // At the end, the blank before it is removed, otherwise the one after it.
            let rest = rest.strip_prefix(' ').unwrap_or(rest);
            let head = if rest.is_empty() { sql[..at].trim_end() } else { &sql[..at] };
            return Some(format!("{head}{rest}"));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn concurrently_is_removed_and_names_are_kept() {
        let cases = [
            ("CREATE UNIQUE INDEX CONCURRENTLY i ON a.t (x)", Some("CREATE UNIQUE INDEX i ON a.t (x)")),
            ("DROP INDEX CONCURRENTLY a.\"CONCURRENTLY \"\" i\"", Some("DROP INDEX a.\"CONCURRENTLY \"\" i\"")),
            (
                "ALTER TABLE a.\"x CONCURRENTLY\" DETACH PARTITION a.p CONCURRENTLY",
                Some("ALTER TABLE a.\"x CONCURRENTLY\" DETACH PARTITION a.p"),
            ),
            ("create index concurrently i on t (x)", Some("create index i on t (x)")),
            ("CREATE SUBSCRIPTION s CONNECTION ' CONCURRENTLY '", None),
            ("ALTER TABLE NOT_CONCURRENTLY", None),
        ];
        for (sql, plain) in cases {
            assert_eq!(transactional_form(sql).as_deref(), plain);
        }
    }
}
