//! Singular and plural of English words in names of tables. Guesses; finds no fault.

/// Returns what a name may be in the singular, the name itself among them.
pub(crate) fn singulars(name: &str) -> Vec<String> {
    let mut found = vec![name.to_owned()];
    if let Some(stem) = name.strip_suffix("ies") {
        found.push(format!("{stem}y"));
    }
    for ending in ["ses", "xes", "zes", "ches", "shes"] {
        if name.ends_with(ending) {
            found.extend(name.strip_suffix("es").map(str::to_owned));
        }
    }
    if let Some(stem) = name.strip_suffix('s').filter(|stem| !stem.ends_with('s')) {
        found.push(stem.to_owned());
    }
    found.extend(name.strip_suffix("people").map(|stem| format!("{stem}person")));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_become_singular() {
        for (plural, singular) in [
            ("orders", "order"),
            ("categories", "category"),
            ("addresses", "address"),
            ("boxes", "box"),
            ("people", "person"),
            ("class", "class"),
        ] {
            assert!(singulars(plural).iter().any(|word| word == singular), "{plural}");
        }
        assert!(!singulars("class").iter().any(|word| word == "clas"));
    }
}
