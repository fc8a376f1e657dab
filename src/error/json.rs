//! Translates serde's error messages into terms of JSON: "sequence" means something else in SQL, and users do not know i32.
//! Does not change quoted names and values.

/// serde's words, and their replacements.
const WORDS: &[(&str, &str)] = &[
    ("a sequence", "an array"),
    ("sequence", "array"),
    ("a map", "an object"),
    ("map", "object"),
    ("unknown variant", "unknown value"),
    ("floating point", "number"),
    ("unit", "null"),
    ("a string", "a text"),
    ("string", "text"),
    ("usize", "an integer of 0 or more"),
    ("u32", "an integer of 0 or more"),
    ("u64", "an integer of 0 or more"),
    ("i32", "an integer"),
    ("i64", "an integer"),
    ("f64", "a number"),
];

/// Returns a message of serde in terms of JSON.
pub fn said(message: &str) -> String {
    let mut out = String::with_capacity(message.len());
    let mut rest = message;
    'next: while let Some(c) = rest.chars().next() {
        if c == '"' || c == '`' {
            let (quoted, after) = rest.split_at(quoted_length(rest, c));
            out.push_str(quoted);
            rest = after;
            continue;
        }
        if !out.chars().next_back().is_some_and(char::is_alphanumeric) {
            for (word, ours) in WORDS {
                if let Some(after) = rest.strip_prefix(word)
                    && !after.starts_with(|c: char| c.is_alphanumeric() || c == '_')
                {
                    out.push_str(ours);
                    rest = after;
                    continue 'next;
                }
            }
            if let Some(after) = rest.strip_prefix("struct ") {
                out.push_str("an object");
                rest = after.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_');
                continue;
            }
        }
        out.push(c);
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    out
}

/// Returns the length of a quoted text, including the quotes.
fn quoted_length(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            c if c == quote && !escaped => return at + c.len_utf8(),
            '\\' if quote == '"' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serde_errors_use_json_terms() {
        for (theirs, ours) in [
            ("invalid type: string \"app\", expected a sequence", "invalid type: text \"app\", expected an array"),
            ("invalid type: map, expected a sequence", "invalid type: object, expected an array"),
            ("invalid type: sequence, expected a boolean", "invalid type: array, expected a boolean"),
            (
                "unknown variant `a map`, expected `mask` or `include`",
                "unknown value `a map`, expected `mask` or `include`",
            ),
            (
                "invalid type: string \"a \\\"map\", expected i32",
                "invalid type: text \"a \\\"map\", expected an integer",
            ),
            (
                "invalid value: integer `-1`, expected u32",
                "invalid value: integer `-1`, expected an integer of 0 or more",
            ),
            ("invalid type: null, expected struct Grant", "invalid type: null, expected an object"),
            ("unknown field `unit`, expected `sequence`", "unknown field `unit`, expected `sequence`"),
            ("the bitmap string_agg", "the bitmap string_agg"),
            ("open \"quote", "open \"quote"),
        ] {
            assert_eq!(said(theirs), ours);
        }
    }
}
