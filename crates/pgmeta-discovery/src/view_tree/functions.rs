//! When functions of PostgreSQL return null. Knows those of `functions.txt`, and of others nothing.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// When a function returns null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Never, as an aggregate or window function.
    Count,
    /// Never: a window function.
    Window,
    /// Not over rows of which at least one has no null in its arguments: an aggregate.
    Aggregate,
    /// Never, unless it is called with VARIADIC.
    Always,
    /// Only if an argument is null.
    Strict,
}

static RULES: LazyLock<FxHashMap<i64, Rule>> = LazyLock::new(|| {
    let lines = include_str!("functions.txt").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(parse).collect()
});

fn parse(line: &str) -> Option<(i64, Rule)> {
    let mut words = line.split(' ');
    let rule = match words.next()? {
        "count" => Rule::Count,
        "window" => Rule::Window,
        "aggregate" => Rule::Aggregate,
        "always" => Rule::Always,
        "strict" => Rule::Strict,
        _ => return None,
    };
    Some((words.next()?.parse().ok()?, rule))
}

/// Returns the rule for a function by its OID. `None`: it may return null.
pub fn rule(oid: i64) -> Option<Rule> {
    RULES.get(&oid).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_rule() {
        let lines = include_str!("functions.txt").lines().filter(|line| !line.starts_with('#'));
        assert!(lines.clone().all(|line| parse(line).is_some()));
        assert_eq!(lines.count(), RULES.len());
        assert_eq!((rule(2803), rule(65), rule(16384)), (Some(Rule::Count), Some(Rule::Strict), None));
    }
}
