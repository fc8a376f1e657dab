//! Finding rules by name, in the spelling of pgmeta or of other linters. The rules themselves are listed in `rules/mod.rs`.

use std::sync::LazyLock;

use crate::rule::Rule;
pub use crate::rules::RULES;

/// Returns the rule with a name.
pub fn rule(name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.name == name)
}

/// Returns the rules with a name, in any case, or with a name of another linter: with its prefix or without, with dashes or underscores,
/// and with the number that splinter puts before it or without.
pub fn named(name: &str) -> Vec<&'static Rule> {
    let name = spelled(name);
    let own = RULES.iter().copied().find(|rule| rule.name == name);
    if let Some(own) = own {
        return vec![own];
    }
    let short = name.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches('_');
    let aliases = ALIASES.iter().filter(|(alias, _)| *alias == name || (!short.is_empty() && alias == short));
    let mut found: Vec<&'static Rule> = Vec::new();
    for (_, rule) in aliases {
        if !found.iter().any(|known| known.name == rule.name) {
            found.push(rule);
        }
    }
    found
}

/// The names that other linters give, with their prefix and without.
static ALIASES: LazyLock<Vec<(String, &'static Rule)>> = LazyLock::new(|| {
    let of_rule = |rule: &&'static Rule| {
        let rule = *rule;
        rule.peers.iter().flat_map(move |peer| {
            let bare = peer.split_once(':').map_or(*peer, |(_, name)| name);
            [(spelled(peer), rule), (spelled(bare), rule)]
        })
    };
    RULES.iter().flat_map(of_rule).collect()
});

fn spelled(name: &str) -> String {
    name.trim().to_ascii_lowercase().replace('-', "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_page() {
        for rule in RULES {
            let doc = rule.document();
            for (part, text) in [
                ("title", &doc.title),
                ("description", &doc.description),
                ("Why", &doc.rationale),
                ("Fix", &doc.remediation),
                ("Bad", &doc.example_bad),
                ("Good", &doc.example_good),
            ] {
                assert!(text.len() > 8, "{}: {part} is missing", rule.name);
            }
            assert!(doc.title.len() <= 60 && !doc.title.contains('`'), "{}: {}", rule.name, doc.title);
            assert!(rule.options.iter().all(|option| option.description.ends_with('.')), "{}", rule.name);
        }
    }

    #[test]
    fn rules_are_found_by_the_names_of_other_linters() {
        let names = |name: &str| named(name).iter().map(|rule| rule.name).collect::<Vec<_>>();
        for name in ["no_primary_key", "No-Primary-Key", "splinter:no_primary_key", "0004_no_primary_key", "B001"] {
            assert_eq!(names(name), ["no_primary_key"], "{name}");
        }
        assert_eq!(names("TABLES_WITHOUT_PRIMARY_KEY"), ["no_primary_key"]);
        assert!(names("none").is_empty() && names("").is_empty() && names("0004").is_empty());
        let of_peers = ["splinter:", "pglinter:", "pg-index-health:", "squawk:"];
        for rule in RULES {
            for peer in rule.peers {
                assert!(of_peers.iter().any(|linter| peer.starts_with(linter)), "{}: {peer}", rule.name);
            }
        }
    }
}
