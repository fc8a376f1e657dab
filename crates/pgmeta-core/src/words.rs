//! Words and lists in the spellings of users: any case, plural, one element, several with commas. Contains no words.

/// Returns the known word that matches: in any case, and in the plural for a singular.
pub fn find<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.trim().to_lowercase();
    let singular = |known: &str| {
        let ending = |ending: &str, instead: &str| {
            word.strip_suffix(ending).is_some_and(|stem| known.strip_suffix(instead) == Some(stem))
        };
        ending("s", "") || ending("es", "") || ending("ies", "y")
    };
    let known: Vec<&str> = known.into_iter().collect();
    let same = known.iter().find(|known| known.to_lowercase() == word);
    same.or_else(|| known.iter().find(|known| singular(&known.to_lowercase()))).copied()
}

/// Reads a list of names: one name, several with commas, or an array literal. Double quotes work as in an array.
pub fn list(text: &str) -> Vec<String> {
    let text = text.trim();
    let inner = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(text);
    let mut names = Vec::new();
    let (mut name, mut quoted, mut was_quoted) = (String::new(), false, false);
    let mut chars = inner.chars().peekable();
    let mut end = |name: &mut String, was_quoted: &mut bool| {
        let own = if *was_quoted { std::mem::take(name) } else { std::mem::take(name).trim().to_owned() };
        if !own.is_empty() || *was_quoted {
            names.push(own);
        }
        *was_quoted = false;
    };
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                name.push('"');
            }
            '"' => {
                quoted = !quoted;
                if quoted {
                    name = name.trim_start().to_owned();
                }
                was_quoted = true;
            }
            '\\' if quoted => name.extend(chars.next()),
            ',' if !quoted => end(&mut name, &mut was_quoted),
            c if was_quoted && !quoted && c.is_whitespace() => {}
            c => name.push(c),
        }
    }
    end(&mut name, &mut was_quoted);
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_match_in_any_case_and_plural() {
        let known =
            ["table", "policy", "index", "parameter ACL", "statistics object", "operator class", "DELETES_DATA"];
        for (word, meant) in [
            ("table", "table"),
            ("TABLE", "table"),
            (" tables ", "table"),
            ("Policies", "policy"),
            ("indexes", "index"),
            ("parameter acl", "parameter ACL"),
            ("operator classes", "operator class"),
            ("operator class", "operator class"),
            ("deletes_data", "DELETES_DATA"),
        ] {
            assert_eq!(find(word, known), Some(meant), "{word}");
        }
        for word in ["", "tabl", "tabless", "s", "policie"] {
            assert_eq!(find(word, known), None, "{word}");
        }
    }

    #[test]
    fn lists_are_parsed_in_all_forms() {
        assert_eq!(list("app"), ["app"]);
        assert_eq!(list(" app , auth"), ["app", "auth"]);
        assert_eq!(list("{app,\"a, b\"}"), ["app", "a, b"]);
        assert_eq!(list("\"a\"\"b\", c"), ["a\"b", "c"]);
        assert_eq!(list("{\"a\\\\b\"}"), ["a\\b"]);
        assert!(list("").is_empty() && list("{}").is_empty() && list(" , ").is_empty());
    }
}
