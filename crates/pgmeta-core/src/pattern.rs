//! psql's patterns (`schema` or `schema.name`, with `*`, `?` and double quotes) as POSIX regular expressions.

/// The two parts of a pattern, each an anchored regular expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    pub schema: String,
    /// `None`: the whole schema.
    pub name: Option<String>,
}

/// Translates a pattern like psql's \d commands: unquoted letters fold to lower case, `*` matches any text, `?` any character, other
/// regular expression characters keep their meaning, and `$` stands for itself.
pub fn parse(pattern: &str) -> Pattern {
    let mut halves = vec![String::new()];
    let mut quoted = false;
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        let last = halves.len() - 1;
        let out = &mut halves[last];
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                out.push('"');
            }
            '"' => quoted = !quoted,
            '.' if !quoted && last == 0 => halves.push(String::new()),
            '*' if !quoted => out.push_str(".*"),
            '?' if !quoted => out.push('.'),
            '$' => out.push_str("\\$"),
            c if quoted && "|*+?()[]{}.^\\".contains(c) => {
                out.push('\\');
                out.push(c);
            }
            '.' => out.push_str("\\."),
            c if quoted => out.push(c),
            c => out.extend(c.to_lowercase()),
        }
    }
    let mut anchored = halves.into_iter().map(|half| format!("^({half})$"));
    Pattern { schema: anchored.next().unwrap_or_default(), name: anchored.next() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_translate_as_in_psql() {
        let cases = [
            ("App", "^(app)$", None),
            ("\"App\"", "^(App)$", None),
            ("app.*", "^(app)$", Some("^(.*)$")),
            ("app.log_?", "^(app)$", Some("^(log_.)$")),
            ("\"a.b\".\"c*\"\"d\"", "^(a\\.b)$", Some("^(c\\*\"d)$")),
            ("a$b.x.y", "^(a\\$b)$", Some("^(x\\.y)$")),
        ];
        for (pattern, schema, name) in cases {
            assert_eq!(parse(pattern), Pattern { schema: schema.into(), name: name.map(str::to_owned) }, "{pattern}");
        }
    }
}
