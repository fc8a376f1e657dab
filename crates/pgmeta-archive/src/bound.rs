//! Partition bounds, taken apart from the text that the server prints of them. Compares no values: only the server
//! knows their order.

/// One end of a range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    Value(String),
    /// MINVALUE, MAXVALUE: no value is beyond it.
    Open,
}

/// What a partition takes, as far as the first column of the key tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    Range {
        lower: End,
        upper: End,
    },
    /// The values of a list; `None` is NULL.
    List(Vec<Option<String>>),
    Hash,
    Default,
}

/// Reads what `pg_get_expr(relpartbound, …)` returns; `None` for what is no bound.
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
    let (lower, upper) = (lower.into_iter().next()?.end(), upper.into_iter().next()?.end());
    rest.is_empty().then_some(Bound::Range { lower, upper })
}

enum Element {
    Literal(String),
    Word(String),
}

impl Element {
    fn value(self) -> Option<String> {
        match self {
            Element::Literal(value) => Some(value),
            Element::Word(word) => (word != "NULL").then_some(word),
        }
    }

    fn end(self) -> End {
        match self {
            Element::Literal(value) => End::Value(value),
            Element::Word(word) if word == "MINVALUE" || word == "MAXVALUE" => End::Open,
            Element::Word(word) => End::Value(word),
        }
    }
}

/// Reads `('a', 1, MAXVALUE)` and returns what follows.
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

/// Reads a literal after its first quote.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> End {
        End::Value(text.into())
    }

    #[test]
    fn bounds_are_read() {
        let range = |lower, upper| Some(Bound::Range { lower, upper });
        assert_eq!(
            parse("FOR VALUES FROM ('2024-01-01') TO ('2024-02-01')"),
            range(value("2024-01-01"), value("2024-02-01"))
        );
        assert_eq!(parse("FOR VALUES FROM (MINVALUE, 'x') TO (10, MAXVALUE)"), range(End::Open, value("10")));
        assert_eq!(parse("FOR VALUES FROM ('-5') TO (MAXVALUE)"), range(value("-5"), End::Open));
        assert_eq!(
            parse("FOR VALUES IN ('it''s), (', NULL, 3)"),
            Some(Bound::List(vec![Some("it's), (".into()), None, Some("3".into())]))
        );
        assert_eq!(parse("FOR VALUES WITH (modulus 4, remainder 0)"), Some(Bound::Hash));
        assert_eq!(parse("DEFAULT"), Some(Bound::Default));
        for text in ["", "FOR VALUES FROM ('x') TO ('y", "FOR VALUES IN ('x') y", "FOR VALUES FROM () TO"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
