//! Names that are unique and that the dialect takes. Quotes nothing.

use pgmeta_core::interrupt::check;
use rustc_hash::{FxHashMap, FxHashSet};
use unicode_normalization::char::decompose_canonical;

/// What a dialect requires of names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NameRules {
    /// The greatest number of UTF-16 units.
    pub longest: Option<usize>,
    /// Whether a name cannot end in a blank or line end, or have characters beyond the Basic Multilingual Plane.
    pub plain: bool,
    /// Whether names that differ in accents only clash.
    pub without_accents: bool,
    /// Names and beginnings of names (`sqlite_*`) that the dialect keeps for itself.
    pub reserved: &'static [&'static str],
}

impl NameRules {
    /// Returns what is equal for names that the dialect does not tell apart.
    fn folded(self, name: &str) -> String {
        if !self.without_accents {
            return name.to_lowercase();
        }
        // As utf8mb3_general_ci does: each character is its first letter, in upper case.
        let mut folded = String::new();
        for character in name.chars() {
            let mut base = None;
            decompose_canonical(character, |part| base = base.or(Some(part)));
            folded.extend(base.unwrap_or(character).to_uppercase().next());
        }
        folded
    }
}

/// The names of one namespace. Names that differ in letter case only clash: the dialects do not tell them apart.
#[derive(Debug)]
pub(crate) struct Names {
    rules: NameRules,
    taken: FxHashSet<String>,
    /// The number that a name was last made unique by.
    numbers: FxHashMap<String, usize>,
}

impl Names {
    /// Returns a namespace without names.
    pub fn new(rules: NameRules) -> Self {
        Self { rules, taken: FxHashSet::default(), numbers: FxHashMap::default() }
    }

    /// Returns the name, or one like it that is free and fits, and takes it.
    pub fn claim(&mut self, wanted: &str) -> String {
        let fitted = fitted(self.rules, wanted);
        let folded = self.rules.folded(&fitted);
        if self.taken.insert(folded.clone()) {
            return fitted;
        }
        loop {
            check();
            let number = self.numbers.entry(folded.clone()).or_insert(1);
            *number += 1;
            let suffix = format!("_{number}");
            let name = format!("{}{suffix}", shortened(&fitted, self.rules.longest.map(|max| max - suffix.len())));
            if self.taken.insert(self.rules.folded(&name)) {
                return name;
            }
        }
    }
}

/// Returns the beginning of a name.
fn shortened(name: &str, longest: Option<usize>) -> &str {
    let Some(longest) = longest else { return name };
    let mut units = 0;
    let end = name.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > longest
    });
    &name[..end.map_or(name.len(), |(at, _)| at)]
}

/// Returns the name as far as the dialect takes it.
fn fitted(rules: NameRules, name: &str) -> String {
    let mut name = match rules.longest {
        // A part of a long name is seldom unique; the hash makes it so, and is the same in every run.
        Some(longest) if name.encode_utf16().count() > longest => {
            let hash = format!("_{:08x}", hash_of(name));
            format!("{}{hash}", shortened(name, Some(longest - hash.len())))
        }
        _ => name.to_owned(),
    };
    if rules.plain {
        name = name.chars().map(|c| if u32::from(c) > 0xffff { '_' } else { c }).collect();
        let kept = name.trim_end_matches(|c: char| c.is_ascii_whitespace() || c == '\u{b}').len();
        let blanks = name.len() - kept;
        name.truncate(kept);
        name.extend(std::iter::repeat_n('_', blanks));
    }
    let is_reserved = |own: &&str| match own.strip_suffix('*') {
        Some(start) => name.get(..start.len()).is_some_and(|own| own.eq_ignore_ascii_case(start)),
        None => name.eq_ignore_ascii_case(own),
    };
    if name.is_empty() || rules.reserved.iter().any(is_reserved) {
        name.insert(0, '_');
    }
    name
}

/// FNV-1a: short, and the same everywhere.
fn hash_of(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: NameRules =
        NameRules { longest: Some(16), plain: true, without_accents: false, reserved: &["PRIMARY", "sqlite_*"] };

    #[test]
    fn names_are_unique_in_any_case() {
        let mut names = Names::new(RULES);
        let claimed = ["a", "A", "a_2", "a", "b ", "c\t\n"].map(|name| names.claim(name));
        assert_eq!(claimed, ["a", "A_2", "a_2_2", "a_3", "b_", "c__"]);
    }

    #[test]
    fn names_are_unique_without_accents() {
        let mut names = Names::new(NameRules { without_accents: true, ..RULES });
        let claimed = ["i", "İ", "ı", "é", "E", "straße", "strase", "Ё", "е"].map(|name| names.claim(name));
        assert_eq!(claimed, ["i", "İ_2", "ı_3", "é", "E_2", "straße", "strase_2", "Ё", "е_2"]);
    }

    #[test]
    fn names_fit() {
        let mut names = Names::new(RULES);
        let long = names.claim("a_very_long_name_of_a_table");
        assert_eq!(long, "a_very__f19c814d");
        assert_eq!(names.claim("a_very_long_name_of_a_table"), "a_very__f19c81_2");
        assert_eq!(names.claim("x😀y"), "x_y");
        assert_eq!(names.claim("primary"), "_primary");
        assert_eq!(names.claim("SQLITE_x"), "_SQLITE_x");
        assert_eq!(names.claim(""), "_");
        assert_eq!(
            Names::new(NameRules { longest: None, plain: false, without_accents: false, reserved: &[] })
                .claim("é ")
                .as_str(),
            "é "
        );
    }
}
