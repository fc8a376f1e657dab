//! Parses partition bounds as the server prints them. Compares no values: only the server knows their order.

/// One end of a range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    Value(String),
    /// MINVALUE or MAXVALUE: no limit.
    Open,
}

/// The rows that a partition accepts, as far as the first key column determines them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    Range {
        lower: End,
        upper: End,
        /// Whether rows with exactly the upper value can be in the partition: if the key has more columns, these decide.
        reached: bool,
    },
    /// The values of a list; `None` is NULL.
    List(Vec<Option<String>>),
    Hash,
    Default,
}

/// Reads what `pg_get_expr(relpartbound, …)` returns; `None` if it is not a bound.
pub fn parse(text: &str) -> Option<Bound> {
    if text == "DEFAULT" {
        return Some(Bound::Default);
    }
    let rest = text.strip_prefix("FOR VALUES ")?;
    if rest.starts_with("WITH ") {
        return Some(Bound::Hash);
    }
    if let Some(rest) = rest.strip_prefix("IN ") {
        let (values, rest) = list(rest)?;
        return rest.is_empty().then(|| Bound::List(values.into_iter().map(Element::value).collect()));
    }
    let (lower, rest) = list(rest.strip_prefix("FROM ")?)?;
    let (upper, rest) = list(rest.strip_prefix(" TO ")?)?;
    let mut upper = upper.into_iter();
    let (lower, last) = (lower.into_iter().next()?.end(), upper.next()?.end());
    let reached = upper.next().is_some_and(|second| !second.is_least());
    rest.is_empty().then_some(Bound::Range { lower, upper: last, reached })
}

enum Element {
    Literal(String),
    Word(String),
}

impl Element {
    /// Words that are not quoted must be keywords or numbers.
    fn is_printed(&self) -> bool {
        match self {
            Element::Literal(value) => !value.contains('\0'),
            Element::Word(word) => {
                let digits = word.strip_prefix('-').unwrap_or(word);
                let is_number = digits.starts_with(|c: char| c.is_ascii_digit())
                    && digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'+'));
                is_number || matches!(word.as_str(), "MINVALUE" | "MAXVALUE" | "NULL" | "true" | "false")
            }
        }
    }

    fn value(self) -> Option<String> {
        match self {
            Element::Literal(value) => Some(value),
            Element::Word(word) => (word != "NULL").then_some(word),
        }
    }

    /// Returns whether no value comes before this one.
    fn is_least(&self) -> bool {
        matches!(self, Element::Word(word) if word == "MINVALUE")
    }

    fn end(self) -> End {
        match self {
            Element::Literal(value) => End::Value(value),
            Element::Word(word) if word == "MINVALUE" || word == "MAXVALUE" => End::Open,
            Element::Word(word) => End::Value(word),
        }
    }
}

/// Reads `('a', 1, MAXVALUE)` and returns the rest of the text.
fn list(text: &str) -> Option<(Vec<Element>, &str)> {
    let mut rest = text.strip_prefix('(')?;
    let mut elements = Vec::new();
    loop {
        let element;
        (element, rest) = match rest.strip_prefix('\'') {
            Some(after) => literal(after)?,
            None => {
                let end = rest.find([',', ')'])?;
                (Element::Word(rest[..end].to_owned()), &rest[end..])
            }
        };
        elements.push(element);
        match rest.strip_prefix(", ") {
            Some(after) => rest = after,
            None => return Some((elements, rest.strip_prefix(')')?)),
        }
    }
}

/// Reads a literal, after its opening quote, and returns the rest of the text.
fn literal(text: &str) -> Option<(Element, &str)> {
    let mut value = String::new();
    let mut rest = text;
    loop {
        let at = rest.find('\'')?;
        value.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        match rest.strip_prefix('\'') {
            Some(after) => {
                value.push('\'');
                rest = after;
            }
            None => return Some((Element::Literal(value), rest)),
        }
    }
}

/// Returns whether the server can have printed this text as a bound. It is inserted into a statement unchanged.
pub fn is_printed(text: &str) -> bool {
    if text == "DEFAULT" {
        return true;
    }
    let Some(rest) = text.strip_prefix("FOR VALUES ") else { return false };
    let end = if let Some(rest) = rest.strip_prefix("WITH (modulus ") {
        let number = |text: &'_ str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let modulus = number(rest);
        rest[modulus..].strip_prefix(", remainder ").filter(|_| modulus > 0).and_then(|rest| {
            let remainder = number(rest);
            rest[remainder..].strip_prefix(')').filter(|_| remainder > 0)
        })
    } else if let Some(rest) = rest.strip_prefix("IN ") {
        list(rest).filter(|(values, _)| values.iter().all(Element::is_printed)).map(|(_, rest)| rest)
    } else {
        let ends = |rest| list(rest).filter(|(values, _)| values.iter().all(Element::is_printed)).map(|(_, rest)| rest);
        rest.strip_prefix("FROM ").and_then(ends).and_then(|rest| rest.strip_prefix(" TO ")).and_then(ends)
    };
    end.is_some_and(str::is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> End {
        End::Value(text.into())
    }

    #[test]
    fn bounds_are_parsed() {
        let range = |lower, upper| Some(Bound::Range { lower, upper, reached: false });
        let reached = |lower, upper| Some(Bound::Range { lower, upper, reached: true });
        assert_eq!(
            parse("FOR VALUES FROM ('2024-01-01') TO ('2024-02-01')"),
            range(value("2024-01-01"), value("2024-02-01"))
        );
        assert_eq!(parse("FOR VALUES FROM (MINVALUE, 'x') TO (10, MAXVALUE)"), reached(End::Open, value("10")));
        assert_eq!(parse("FOR VALUES FROM (1, 5) TO (10, MINVALUE)"), range(value("1"), value("10")));
        assert_eq!(parse("FOR VALUES FROM (1, 5) TO (10, '-5')"), reached(value("1"), value("10")));
        assert_eq!(parse("FOR VALUES FROM ('-5') TO (MAXVALUE)"), range(value("-5"), End::Open));
        assert_eq!(
            parse("FOR VALUES IN ('it''s), (', NULL, 3)"),
            Some(Bound::List(vec![Some("it's), (".into()), None, Some("3".into())]))
        );
        assert_eq!(parse("FOR VALUES WITH (modulus 4, remainder 0)"), Some(Bound::Hash));
        assert_eq!(parse("DEFAULT"), Some(Bound::Default));
        for text in [
            "FOR VALUES FROM ('2024-01-01', MINVALUE) TO ('it''s', 10)",
            "FOR VALUES IN ('a', NULL, true, -3, 1.5)",
            "FOR VALUES WITH (modulus 4, remainder 0)",
            "DEFAULT",
        ] {
            assert!(is_printed(text), "{text}");
        }
        for text in [
            "DEFAULT; DROP TABLE t",
            "FOR VALUES IN (x', '); DROP TABLE t; --')",
            "FOR VALUES IN (f())",
            "FOR VALUES IN (1--)",
            "FOR VALUES IN (E'x')",
            "FOR VALUES IN ('a') x",
            "FOR VALUES WITH (modulus 4, remainder 0); DROP TABLE t",
            "FOR VALUES WITH (modulus , remainder )",
            "FOR VALUES FROM (1) TO (current_user)",
        ] {
            assert!(!is_printed(text), "{text}");
        }
        for text in ["", "FOR VALUES FROM ('x') TO ('y", "FOR VALUES IN ('x') y", "FOR VALUES FROM () TO"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
