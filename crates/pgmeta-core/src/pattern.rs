//! psql's patterns (`schema` or `schema.name`, with `*`, `?` and double quotes) as POSIX regular expressions.

use regex_lite::Regex;

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

/// A pattern that is matched without a server.
#[derive(Clone, Debug)]
pub struct Matcher {
    schema: Regex,
    name: Option<Regex>,
}

impl Matcher {
    /// Reads a pattern; `None` if it is not one.
    pub fn of(text: &str) -> Option<Self> {
        let parsed = parse(text);
        let name = parsed.name.map(|name| Regex::new(&name)).transpose().ok()?;
        Some(Self { schema: Regex::new(&parsed.schema).ok()?, name })
    }

    /// Returns whether the pattern has no name: it matches all of a schema.
    pub fn is_of_schema(&self) -> bool {
        self.name.is_none()
    }

    /// Returns whether it matches the name of a schema.
    pub fn matches_schema(&self, schema: &str) -> bool {
        self.schema.is_match(schema)
    }

    /// Returns whether it matches the name of an object in the schema.
    pub fn matches_name(&self, name: &str) -> bool {
        self.name.as_ref().is_none_or(|own| own.is_match(name))
    }
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
