//! Bounds of partitions as the server prints them, and which rows no partition takes.

use std::cmp::Ordering;

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
fn tuple(text: &str) -> Option<(Vec<String>, &str)> {
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
    let mut ranges: Vec<(&[String], &[String])> = bounds
        .iter()
        .filter_map(|bound| match bound {
            Bound::Range(from, to) => Some((from.as_slice(), to.as_slice())),
            _ => None,
        })
        .collect();
    ranges.sort_by(|one, other| compare(one.0, other.0));
    let between = ranges.windows(2).filter(|two| two[0].1 != two[1].0);
    let mut found: Vec<Gap> = between.map(|two| Gap::Between(two[0].1.to_vec(), two[1].0.to_vec())).collect();
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

/// Compares two tuples of values as they are printed: numbers as numbers, the rest as texts, which dates are ordered by too.
fn compare(one: &[String], other: &[String]) -> Ordering {
    let rank = |value: &str| match value {
        "MINVALUE" => 0,
        "MAXVALUE" => 2,
        _ => 1,
    };
    let number = |value: &str| value.trim_matches('\'').parse::<f64>().ok();
    let pairs = one.iter().zip(other).map(|(one, other)| {
        rank(one).cmp(&rank(other)).then_with(|| match (number(one), number(other)) {
            (Some(one), Some(other)) => one.total_cmp(&other),
            _ => one.cmp(other),
        })
    });
    pairs.fold(Ordering::Equal, Ordering::then)
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
        assert!(is_unbounded(&bounds(&["FOR VALUES FROM (MINVALUE) TO (0)", "FOR VALUES FROM (0) TO (MAXVALUE)"])));
        assert!(!is_unbounded(&bounds(&ten)));
    }
}
