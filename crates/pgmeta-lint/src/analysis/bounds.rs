//! Bounds of partitions as the server prints them, and which rows no partition takes.

use pgmeta_core::lexer;

/// The largest modulus whose remainders are counted.
const LARGEST_MODULUS: u64 = 1 << 16;

/// The bound of a partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    /// Rows that no other partition takes.
    Default,
    /// From a tuple of values, up to but not including another one; each as it is printed.
    Range(Vec<String>, Vec<String>),
    /// One of some values.
    List(Vec<String>),
    /// A remainder of a hash value.
    Hash {
        /// The divisor.
        modulus: u64,
        /// What is left.
        remainder: u64,
    },
}

impl Bound {
    /// Reads a bound; `None` where it is none.
    pub fn of(text: &str) -> Option<Self> {
        if text == "DEFAULT" {
            return Some(Bound::Default);
        }
        let text = text.strip_prefix("FOR VALUES ")?;
        if let Some(rest) = text.strip_prefix("FROM ") {
            let (from, rest) = tuple(rest)?;
            let (to, _) = tuple(rest.strip_prefix(" TO ")?)?;
            return Some(Bound::Range(from, to));
        }
        if let Some(rest) = text.strip_prefix("IN ") {
            return tuple(rest).map(|(values, _)| Bound::List(values));
        }
        let (parts, _) = tuple(text.strip_prefix("WITH ")?)?;
        let number = |word: &str| parts.iter().find_map(|part| part.strip_prefix(word)?.trim().parse().ok());
        Some(Bound::Hash { modulus: number("modulus")?, remainder: number("remainder")? })
    }
}

/// Reads `(a, b)` at the beginning of a text, and returns the rest.
pub(super) fn tuple(text: &str) -> Option<(Vec<String>, &str)> {
    let (mut values, mut depth, mut start) = (Vec::new(), 0_u32, 1);
    for (at, byte) in lexer::code(text) {
        match byte {
            b'(' => depth += 1,
            b',' if depth == 1 => {
                values.push(text[start..at].trim().to_owned());
                start = at + 1;
            }
            b')' if depth == 1 => {
                values.push(text[start..at].trim().to_owned());
                return Some((values, &text[at + 1..]));
            }
            b')' => depth = depth.checked_sub(1)?,
            _ => {}
        }
    }
    None
}

/// Rows that no partition takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Gap {
    /// Between the end of a partition and the beginning of the next one.
    Between(Vec<String>, Vec<String>),
    /// The remainders for a modulus.
    Remainders(u64, Vec<u64>),
}

/// Returns the gaps between partitions. Before the first and behind the last there is none, nor between lists.
pub(crate) fn gaps(bounds: &[Bound]) -> Vec<Gap> {
    if bounds.contains(&Bound::Default) {
        return Vec::new();
    }
    let mut found: Vec<Gap> = between(bounds).unwrap_or_default();
    found.extend(missing_remainders(bounds));
    found
}

/// Returns whether ranges go from the smallest value to the largest, so that they take every row if there is no gap.
pub(crate) fn is_unbounded(bounds: &[Bound]) -> bool {
    let all = |values: &[String], word: &str| values.iter().all(|value| value == word);
    let starts = bounds.iter().any(|bound| matches!(bound, Bound::Range(from, _) if all(from, "MINVALUE")));
    starts && bounds.iter().any(|bound| matches!(bound, Bound::Range(_, to) if all(to, "MAXVALUE")))
}

fn missing_remainders(bounds: &[Bound]) -> Option<Gap> {
    let hashes: Vec<(u64, u64)> = bounds
        .iter()
        .filter_map(|bound| match bound {
            Bound::Hash { modulus, remainder } if *modulus > 0 => Some((*modulus, *remainder)),
            _ => None,
        })
        .collect();
    // Each modulus divides the next larger one.
    let largest = hashes.iter().map(|(modulus, _)| *modulus).max().filter(|modulus| *modulus <= LARGEST_MODULUS)?;
    let is_taken = |number: &u64| hashes.iter().any(|(modulus, remainder)| number % modulus == *remainder);
    let missing: Vec<u64> = (0..largest).filter(|number| !is_taken(number)).collect();
    (!missing.is_empty()).then_some(Gap::Remainders(largest, missing))
}

/// Returns the gaps between ranges; `None` where the order of their values is not known here.
fn between<'b>(bounds: &'b [Bound]) -> Option<Vec<Gap>> {
    let mut ranges = Vec::new();
    for bound in bounds {
        if let Bound::Range(from, to) = bound {
            let read = |values: &'b [String]| values.iter().map(|value| Value::of(value)).collect::<Option<Vec<_>>>();
            ranges.push((read(from)?, read(to)?, from, to));
        }
    }
    ranges.sort();
    let apart = ranges.windows(2).filter(|two| two[0].1 < two[1].0);
    Some(apart.map(|two| Gap::Between(two[0].3.clone(), two[1].2.clone())).collect())
}

/// A value of a bound whose order is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Value<'b> {
    Least,
    /// In units of 10^-18.
    Number(i128),
    /// A date, a time or a UUID: ordered as its text is.
    Text(&'b str),
    Greatest,
}

impl<'b> Value<'b> {
    /// Reads a value as it is printed; `None` where only the server knows the order of its type.
    fn of(printed: &'b str) -> Option<Self> {
        match printed {
            "MINVALUE" => return Some(Value::Least),
            "MAXVALUE" => return Some(Value::Greatest),
            _ => {}
        }
        let text = printed.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')).unwrap_or(printed);
        if let Some(number) = number(text) {
            return Some(Value::Number(number));
        }
        let is_moment = text.split_at_checked(10).is_some_and(|(date, rest)| {
            is_like(date, "9999-99-99") && (rest.is_empty() || rest.starts_with(' ')) && !rest.ends_with("BC")
        });
        let is_uuid = text.len() == 36 && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit());
        (is_moment || is_uuid || is_like(text, "99:99:99")).then_some(Value::Text(text))
    }
}

/// Returns whether a text has the form of a pattern, in which 9 is any digit.
fn is_like(text: &str, pattern: &str) -> bool {
    let same = |(own, kind): (u8, u8)| if kind == b'9' { own.is_ascii_digit() } else { own == kind };
    text.len() == pattern.len() && text.bytes().zip(pattern.bytes()).all(same)
}

/// Reads a number of at most 18 digits before and behind the point.
fn number(text: &str) -> Option<i128> {
    const DIGITS: usize = 18;
    let (is_negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()) && part.len() <= DIGITS;
    // The least bigint has 19 digits.
    if whole.is_empty()
        || !(is_digits(whole) || (whole.len() == DIGITS + 1 && is_digits(&whole[1..])))
        || !is_digits(fraction)
    {
        return None;
    }
    let number: i128 = format!("{whole}{fraction:0<DIGITS$}").parse().ok()?;
    Some(if is_negative { -number } else { number })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn bounds(texts: &[&str]) -> Vec<Bound> {
        texts.iter().map(|text| Bound::of(text).unwrap()).collect()
    }

    #[test]
    fn bounds_are_parsed() {
        let texts = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
        let range = Bound::of("FOR VALUES FROM ('a, (b', MINVALUE) TO ('it''s', 5)");
        assert_eq!(range, Some(Bound::Range(texts(&["'a, (b'", "MINVALUE"]), texts(&["'it''s'", "5"]))));
        assert_eq!(Bound::of("FOR VALUES IN (1, NULL)"), Some(Bound::List(texts(&["1", "NULL"]))));
        let hash = Bound::of("FOR VALUES WITH (modulus 4, remainder 3)");
        assert_eq!(hash, Some(Bound::Hash { modulus: 4, remainder: 3 }));
        assert_eq!(Bound::of("DEFAULT"), Some(Bound::Default));
        assert_eq!(Bound::of("FOR VALUES FROM ("), None);
    }

    #[test]
    fn gaps_are_found() {
        let ten = ["FOR VALUES FROM (1) TO (10)", "FOR VALUES FROM (20) TO (100)", "FOR VALUES FROM (10) TO (20)"];
        assert!(gaps(&bounds(&ten)).is_empty());
        let gap = Gap::Between(vec!["10".into()], vec!["20".into()]);
        assert_eq!(gaps(&bounds(&ten[..2])), [gap]);
        assert!(gaps(&bounds(&[ten[0], ten[1], "DEFAULT"])).is_empty());
        let hash = ["FOR VALUES WITH (modulus 2, remainder 0)", "FOR VALUES WITH (modulus 4, remainder 1)"];
        assert_eq!(gaps(&bounds(&hash)), [Gap::Remainders(4, vec![3])]);
        let range = |from: &str, to: &str| format!("FOR VALUES FROM ({from}) TO ({to})");
        for (one, other) in [
            (range("0", "1.0"), range("1", "2")),
            (range("'9.0.0.0'", "'10.0.0.0'"), range("'10.0.0.0'", "'11.0.0.0'")),
            (range("'2 days'", "'10 days'"), range("'10 days'", "'20 days'")),
            (range("'9999-01-01'", "'10000-01-01'"), range("'10000-01-01'", "'infinity'")),
            (range("'0002-01-01 BC'", "'0001-01-01 BC'"), range("'0001-01-01 BC'", "'0001-01-01'")),
        ] {
            assert!(gaps(&bounds(&[&one, &other])).is_empty(), "{one} {other}");
        }
        let large = [range("1", "9007199254740992"), range("9007199254740993", "9007199254740999")];
        assert_eq!(gaps(&bounds(&[&large[0], &large[1]])).len(), 1);
        let days = [range("'2024-01-01'", "'2024-02-01'"), range("'2024-03-01'", "'2024-04-01'")];
        assert_eq!(gaps(&bounds(&[&days[0], &days[1]])).len(), 1);
        assert!(is_unbounded(&bounds(&["FOR VALUES FROM (MINVALUE) TO (0)", "FOR VALUES FROM (0) TO (MAXVALUE)"])));
        assert!(!is_unbounded(&bounds(&ten)));
    }
}
