//! Names of files that every file system accepts. Knows no object and no format.

use crate::fingerprint::short_fingerprint;

/// Names that Windows reserves for devices, with any extension.
const DEVICES: &[&str] = &["con", "prn", "aux", "nul", "conin$", "conout$"];

fn is_device(name: &str) -> bool {
    let numbered = |prefix: &str| name.len() == 4 && name.starts_with(prefix) && name.as_bytes()[3].is_ascii_digit();
    DEVICES.contains(&name) || numbered("com") || numbered("lpt")
}

/// Returns a file name for an object's name, equal to no other name's. A plain lower-case name is its own file name; any
/// other gets a hash, so that neither letter case nor a replaced character makes two of them equal.
pub fn unique_file_name(name: &str) -> String {
    const MAX_LENGTH: usize = 100;
    let plain = !name.is_empty()
        && name.len() <= MAX_LENGTH
        && name.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'))
        && !name.starts_with(['_', '-'])
        && !is_device(name);
    if plain {
        return name.to_owned();
    }
    let mut readable: String =
        name.chars().map(|c| if c.is_alphanumeric() || matches!(c, '_' | '-') { c } else { '_' }).collect();
    // A shell would read it as an option.
    if readable.starts_with('-') {
        readable.replace_range(..1, "_");
    }
    while readable.len() > MAX_LENGTH {
        readable.pop();
    }
    format!("{readable}~{}", short_fingerprint(name))
}

/// Returns a description as a file name: lower-case ASCII letters, digits and single underscores between them. Different
/// descriptions may have the same; `default` replaces an empty name, and precedes the name of a device.
pub fn slug(description: &str, default: &str) -> String {
    const MAX_LENGTH: usize = 60;
    let mut slug = String::new();
    for c in description.chars() {
        if slug.len() == MAX_LENGTH {
            break;
        }
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('_') {
            slug.push('_');
        }
    }
    slug.truncate(slug.trim_end_matches('_').len());
    match slug.as_str() {
        "" => default.to_owned(),
        name if is_device(name) => format!("{default}_{name}"),
        _ => slug,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unique_file_names_differ_and_stay_in_their_folder() {
        let names = [
            "a", "A", "a/b", "a_b", "..", ".", "", "CON", "con", "con1", "com1", "x ", "x.", "x", "_x", "ä", "a\u{308}",
        ];
        let mut seen = std::collections::BTreeSet::new();
        for name in names {
            let file = unique_file_name(name);
            assert!(!file.contains(['/', '\\', '.', ' ']), "{file}");
            assert!(seen.insert(file.to_lowercase()), "{file}");
        }
        assert_eq!(unique_file_name("orders"), "orders");
    }

    #[test]
    fn slugs_have_letters_digits_and_underscores_only() {
        let cases = [
            ("add orders", "add_orders"),
            ("../../etc/passwd", "etc_passwd"),
            ("..\\x:y\n", "x_y"),
            ("", "migration"),
            ("  /  ", "migration"),
            ("-v", "v"),
            ("CON", "migration_con"),
            ("lpt1", "migration_lpt1"),
            ("com_", "com"),
            ("Ärger", "rger"),
        ];
        for (description, expected) in cases {
            assert_eq!(slug(description, "migration"), expected, "{description}");
        }
        assert_eq!(slug(&"a".repeat(500), "migration").len(), 60);
    }
}
