//! The plural of English nouns, as names of tables have it.

/// Nouns whose plural no rule gives.
const IRREGULAR: &[(&str, &str)] = &[
    ("child", "children"),
    ("criterion", "criteria"),
    ("datum", "data"),
    ("foot", "feet"),
    ("index", "indices"),
    ("man", "men"),
    ("matrix", "matrices"),
    ("medium", "media"),
    ("mouse", "mice"),
    ("person", "people"),
    ("quiz", "quizzes"),
    ("vertex", "vertices"),
    ("woman", "women"),
];

/// Nouns that are their own plural.
const UNCHANGED: &[&str] = &["equipment", "information", "money", "news", "series", "sheep", "species"];

/// Returns the plurals that a name may have. Only the last of several words with underscores is in the plural: `order_line`
/// has `order_lines`.
pub fn plurals(singular: &str) -> Vec<String> {
    let noun = singular.rsplit_once('_').map_or(singular, |(_, noun)| noun);
    let before = &singular[..singular.len() - noun.len()];
    let mut found: Vec<String> = Vec::new();
    let mut add = |word: &str, ending: &str| found.push(format!("{before}{word}{ending}"));
    if noun.is_empty() {
        return found;
    }
    if UNCHANGED.contains(&noun) {
        add(noun, "");
        return found;
    }
    IRREGULAR.iter().filter(|(own, _)| *own == noun).for_each(|(_, plural)| add(plural, ""));
    let ends = |endings: &[&str]| endings.iter().any(|ending| noun.ends_with(ending));
    if let Some(stem) = noun.strip_suffix('y')
        && !stem.ends_with(['a', 'e', 'i', 'o', 'u'])
    {
        add(stem, "ies");
    } else if ends(&["s", "x", "z", "ch", "sh"]) {
        add(noun, "es");
    } else {
        // photos, potatoes; roofs, shelves, wives: either way.
        add(noun, "s");
        if noun.ends_with('o') {
            add(noun, "es");
        }
        if let Some(stem) = noun.strip_suffix("fe").or_else(|| noun.strip_suffix('f')) {
            add(stem, "ves");
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_follow_english() {
        for (singular, plural) in [
            ("user", "users"),
            ("company", "companies"),
            ("day", "days"),
            ("box", "boxes"),
            ("address", "addresses"),
            ("branch", "branches"),
            ("potato", "potatoes"),
            ("photo", "photos"),
            ("shelf", "shelves"),
            ("wife", "wives"),
            ("roof", "roofs"),
            ("person", "people"),
            ("sales_person", "sales_people"),
            ("index", "indexes"),
            ("index", "indices"),
            ("series", "series"),
            ("order_line", "order_lines"),
            ("éditeur", "éditeurs"),
        ] {
            assert!(plurals(singular).contains(&plural.to_owned()), "{singular} {plural}");
        }
    }

    #[test]
    fn other_words_are_not_plurals() {
        for (singular, other) in [
            ("user", "user"),
            ("company", "companys"),
            ("box", "boxs"),
            ("", "s"),
            ("user", "users_2"),
            ("a_", "a_s"),
            ("é", "e"),
        ] {
            assert!(!plurals(singular).contains(&other.to_owned()), "{singular} {other}");
        }
    }
}
